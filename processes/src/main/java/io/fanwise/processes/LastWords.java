package io.fanwise.processes;

import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a worker JVM left behind when it ended. Immutable.
///
/// @param lines the last lines it wrote to its standard streams
/// @param crashLog the report of the JVM if it crashed, kept until somebody deletes it
/// @param end how it ended; empty if nobody knows better than its exit code
record LastWords(List<String> lines, Optional<Path> crashLog, String end) {
  private static final int MOST_BYTES = 8 * 1024;
  private static final int MOST_LINES = 12;

  /// What a JVM says whatever has happened; its report is not where it says that it is.
  private static final List<String> NOISE =
      List.of(
          "Picked up ",
          "# No core dump",
          "# Core dump",
          "# An error report file",
          "# Compiler replay data",
          "# /",
          "# If you would like",
          "#   http");

  /// @param log what it wrote
  /// @param crashes where the JVM puts reports of crashes
  /// @param kept where they are to stay
  static LastWords of(Log log, Path crashes, Path kept, long pid) {
    Optional<Path> crashLog = CrashLog.moved(crashes, kept, pid);
    return new LastWords(tail(log), crashLog, crashLog.map(CrashLog::end).orElse(""));
  }

  /// The same of a process that this JVM has killed: nobody need guess who it was.
  LastWords ofOneKilled() {
    return new LastWords(lines, crashLog, "was killed by this JVM (SIGKILL)");
  }

  /// What is thrown where a result was expected.
  WorkerLost of(String worker, int exitCode) {
    return new WorkerLost(worker, exitCode, end, lines, crashLog.orElse(null));
  }

  /// Why a worker JVM did not even begin.
  ///
  /// @param code what it ended with; negative if nobody knows
  /// @param how how that was noticed
  String withoutBeginning(int code, Throwable how) {
    StringBuilder text = new StringBuilder("a worker JVM ended before it could begin");
    text.append(code < 0 ? ": " + how.getMessage() : ", with exit code " + code);
    text.append(lines.isEmpty() ? "" : "; it says:");
    for (String said : lines) {
      text.append("\n  ").append(said);
    }
    return text.toString();
  }

  private static List<String> tail(Log log) {
    try {
      List<String> lines = log.tail(MOST_BYTES).lines().filter(LastWords::tells).toList();
      return List.copyOf(lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean tells(String line) {
    return !line.isBlank() && !line.equals("#") && NOISE.stream().noneMatch(line::startsWith);
  }
}
