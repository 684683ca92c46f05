package io.fanwise.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The report that a JVM writes when it crashes, of which the head is read: it ends by SIGABRT
/// then, whatever has happened to it.
final class CrashLog {
  /// What has happened, and where, is within so many lines.
  private static final int HEAD = 24;

  private static final Pattern SIGNAL =
      Pattern.compile("# +(?<name>SIG[A-Z]+) \\(0x[0-9a-f]+\\) at ");

  private static final String SENT = "(sent by kill)";

  /// The JVM has given up by itself, for what is said in the next line.
  private static final String INTERNAL = "Internal Error ";

  private static final String NO_MEMORY = "There is insufficient memory ";

  private static final String FRAME = "# Problematic frame:";
  private static final Pattern MARGIN = Pattern.compile("#? +");

  private CrashLog() {}

  /// Where a JVM puts its report.
  ///
  /// @param process its number, or `%p`, which the JVM replaces by that
  static Path report(Path directory, String process) {
    return directory.resolve("hs_err_" + process + ".log");
  }

  /// Where it puts, beside that, what it was compiling when it crashed: for those who look after
  /// the JDK. Unless it is told, that is its working directory.
  static Path replay(Path directory, String process) {
    return directory.resolve("replay_pid" + process + ".log");
  }

  /// Moves both out of a directory that is deleted at the end.
  ///
  /// @param kept where they are to stay
  /// @return the report; empty if there is none
  static Optional<Path> moved(Path directory, Path kept, long pid) {
    String process = Long.toString(pid);
    Optional<Path> report = moved(report(directory, process), kept);
    var _ = moved(replay(directory, process), kept);
    return report;
  }

  private static Optional<Path> moved(Path file, Path kept) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.move(file, kept.resolve("fanwise_" + file.getFileName())));
    } catch (IOException e) {
      return Optional.of(file);
    }
  }

  /// How the JVM ended, as what is said of a worker.
  ///
  /// @return empty if the report does not say
  static String end(Path report) {
    try (Stream<String> lines = Files.lines(report, StandardCharsets.ISO_8859_1)) {
      return end(lines.limit(HEAD).toList());
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  private static String end(List<String> head) {
    for (int at = 0; at < head.size(); at++) {
      String line = head.get(at);
      Matcher signal = SIGNAL.matcher(line);
      if (signal.lookingAt()) {
        String name = signal.group("name");
        return line.contains(SENT)
            ? "crashed (" + name + ", sent by kill)"
            : "crashed (" + name + ")" + frame(head);
      }
      String text = text(line);
      if (text.startsWith(INTERNAL) && at + 1 < head.size()) {
        return "crashed: " + text(head.get(at + 1));
      }
      if (text.startsWith(NO_MEMORY)) {
        return "crashed: " + text;
      }
    }
    return "";
  }

  /// Where it was: in native code (C), the JVM (V), or Java (J, j).
  private static String frame(List<String> head) {
    int at = head.indexOf(FRAME) + 1;
    return at > 0 && at < head.size() ? " in " + text(head.get(at)) : "";
  }

  private static String text(String line) {
    return MARGIN.matcher(line).replaceAll(" ").strip();
  }
}
