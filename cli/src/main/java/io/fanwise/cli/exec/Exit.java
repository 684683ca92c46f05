package io.fanwise.cli.exec;

import java.util.Map;

/// How a program ended.
public sealed interface Exit {

  /// It ended by itself.
  ///
  /// @param code 0 if it says that all is well
  record Code(int code) implements Exit {
    @Override
    public String toString() {
      return "exit code " + code;
    }
  }

  /// It was ended by a signal.
  ///
  /// @param number such as 9
  record Signal(int number) implements Exit {
    private static final Map<Integer, String> NAMES =
        Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(10, "SIGUSR1"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(12, "SIGUSR2"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    /// The name Linux gives the signal, such as `SIGKILL`; `signal 40` where it has none.
    public String name() {
      return NAMES.getOrDefault(number, "signal " + number);
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /// True if the program said that all is well.
  default boolean good() {
    return status() == 0;
  }

  /// The number a shell would put in `$?`: the code, or 128 and the signal.
  default int status() {
    return switch (this) {
      case Code(int code) -> code;
      case Signal(int number) -> 128 + number;
    };
  }
}
