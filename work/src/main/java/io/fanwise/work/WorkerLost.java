package io.fanwise.work;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The worker ended while an input was at work on it: killed, crashed, out of memory, or ended by
/// the task itself. Nothing else is lost: the other inputs of its batch are run elsewhere.
///
/// The message says what is known: how it ended, what it wrote last, where the report of the crash
/// is.
public final class WorkerLost extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// How it ended when only its exit code tells.
  private static final String AS_ITS_EXIT_CODE_SAYS = "";

  /// A process that was ended by a signal is said to have ended with 128 and the signal's number.
  private static final int SIGNALS = 128;

  private static final int ABORT = 6;
  private static final int KILL = 9;
  private static final int SEGMENTATION = 11;
  private static final int TERMINATE = 15;

  /// Who it was.
  private final String worker;

  /// How it ended; negative if that is not known.
  private final int exitCode;

  /// What it wrote last.
  private final List<String> lastLines;

  /// Where the JVM reported its crash.
  private final @Nullable String crashLog;

  /// The end of a worker.
  ///
  /// @param worker its name
  /// @param exitCode what its process ended with; negative if nobody knows
  /// @param lastLines what it wrote last to its standard streams
  /// @param crashLog the report of the JVM, if it crashed; null if there is none
  public WorkerLost(String worker, int exitCode, List<String> lastLines, @Nullable Path crashLog) {
    this(worker, exitCode, AS_ITS_EXIT_CODE_SAYS, lastLines, crashLog);
  }

  /// The end of a worker of which more is known than its exit code.
  ///
  /// @param worker its name
  /// @param exitCode what its process ended with; negative if nobody knows
  /// @param end how it ended, such as `crashed (SIGSEGV) in C [libmodel.so+0x1f] fit+0xf`; empty if
  ///   the exit code says it all
  /// @param lastLines what it wrote last to its standard streams
  /// @param crashLog the report of the JVM, if it crashed; null if there is none
  public WorkerLost(
      String worker, int exitCode, String end, List<String> lastLines, @Nullable Path crashLog) {
    super(message(worker, end.isEmpty() ? end(exitCode) : end, lastLines, crashLog));
    this.worker = worker;
    this.exitCode = exitCode;
    this.lastLines = List.copyOf(lastLines);
    this.crashLog = crashLog == null ? null : crashLog.toString();
    setStackTrace(new StackTraceElement[0]);
  }

  /// Who it was.
  ///
  /// @return the name of the worker
  public String worker() {
    return worker;
  }

  /// What its process ended with.
  ///
  /// @return the exit code; from 129 on, 128 and the number of the signal that ended it
  public OptionalInt exitCode() {
    return exitCode < 0 ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }

  /// What it wrote last to its standard streams, apart from what tasks print.
  ///
  /// @return the last lines; empty if it wrote nothing
  public List<String> lastLines() {
    return lastLines;
  }

  /// The report that the JVM wrote when it crashed.
  ///
  /// @return a file, which is yours to delete
  public Optional<Path> crashLog() {
    return Optional.ofNullable(crashLog).map(Path::of);
  }

  private static String message(
      String worker, String end, List<String> lastLines, @Nullable Path crashLog) {
    StringBuilder text = new StringBuilder("worker ").append(worker).append(' ');
    text.append(end);
    if (crashLog != null) {
      text.append("; the JVM's report is ").append(crashLog);
    }
    if (!lastLines.isEmpty()) {
      text.append("; it wrote last:");
      for (String line : lastLines) {
        text.append("\n  ").append(line);
      }
    }
    return text.toString();
  }

  private static String end(int exitCode) {
    return switch (exitCode - SIGNALS) {
      case KILL -> "was killed (SIGKILL), by somebody or by the system for want of memory";
      case SEGMENTATION -> "crashed (SIGSEGV)";
      case ABORT -> "crashed (SIGABRT)";
      case TERMINATE -> "was ended (SIGTERM)";
      default ->
          exitCode < 0
              ? "was lost"
              : exitCode > SIGNALS
                  ? "was ended by signal " + (exitCode - SIGNALS)
                  : "ended with exit code " + exitCode + " in the middle of the task";
    };
  }
}
