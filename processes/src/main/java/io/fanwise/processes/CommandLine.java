package io.fanwise.processes;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How this JVM was started: the program, and the options, each in one piece, as in
/// `--add-opens=java.base/…`.
///
/// The JDK's own answer takes a JVM that has just started 20 ms, for it sets up all of its
/// management. So the plain case is read from the command line itself, where the system shows it.
final class CommandLine {
  /// Environment variables with options, whose content is among [#options].
  static final Set<String> VARIABLES =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final Path OWN = Path.of("/proc/self/cmdline");

  /// These are followed by their value.
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--limit-modules",
          "--add-reads",
          "--add-exports",
          "--add-opens",
          "--patch-module",
          "--enable-native-access",
          "--illegal-native-access",
          "--sun-misc-unsafe-memory-access",
          "--illegal-final-field-mutation",
          "--enable-final-field-mutation",
          "--source");

  /// Behind these the program begins.
  private static final Set<String> LAST = Set.of("-jar", "-m", "--module");

  private CommandLine() {}

  /// The JVM that this one is.
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /// The options, in their order.
  static List<String> options() {
    List<String> plain = null;
    if (!hasVariables() && Files.isReadable(OWN)) {
      try {
        String all =
            new String(
                Files.readAllBytes(OWN), Charset.forName(System.getProperty("sun.jnu.encoding")));
        plain = plain(all.split("\0", -1));
      } catch (IOException | IllegalArgumentException e) {
        plain = null; // the JDK knows
      }
    }
    return plain != null ? plain : ManagementFactory.getRuntimeMXBean().getInputArguments();
  }

  private static boolean hasVariables() {
    for (String variable : VARIABLES) {
      if (System.getenv(variable) != null) {
        return true;
      }
    }
    return false;
  }

  /// What is in a command line.
  ///
  /// @param words the program, its arguments, and an empty word behind the last
  /// @return the options; null if there is more to it than what is to be seen there: another
  ///   launcher, or options in a file
  static @Nullable List<String> plain(String[] words) {
    if (!words[0].equals("java") && !words[0].endsWith("/java")) {
      return null;
    }
    List<String> options = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      if (word.isEmpty()
          || word.startsWith("@")
          || word.startsWith("-XX:Flags=")
          || word.startsWith("-XX:VMOptionsFile=")) {
        return null;
      }
      if (LAST.contains(word) || !word.startsWith("-")) {
        return options;
      }
      if (WITH_VALUE.contains(word)) {
        i++;
        options.add(i < words.length ? word + "=" + words[i] : word);
      } else {
        options.add(word);
      }
    }
    return null; // no program: whatever this is
  }
}
