package io.fanwise.processes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How worker JVMs are looked after. Immutable.
///
/// @param recycleAfter after how many tasks a worker is replaced; 0 for never
/// @param recycleAbove above how many bytes of resident memory; 0 for any
/// @param idle after how long without work a worker ends
/// @param logs where what they write is kept; empty if it is not
/// @param naming whether the worker's name is put in front of what tasks print
record Care(
    int recycleAfter, long recycleAbove, Duration idle, Optional<Path> logs, Naming naming) {
  /// What a printed line begins with.
  enum Naming {
    /// With what was printed.
    PLAIN,
    /// With the worker's name.
    TAGGED
  }

  /// Idle workers end after a minute: long enough for somebody to think about the next cell of a
  /// notebook, short enough for nobody to wonder what is there.
  static final Care USUAL = new Care(0, 0, Duration.ofSeconds(60), Optional.empty(), Naming.PLAIN);

  Care recycleAfter(int tasks) {
    return new Care(tasks, recycleAbove, idle, logs, naming);
  }

  Care recycleAbove(long bytes) {
    return new Care(recycleAfter, bytes, idle, logs, naming);
  }

  Care idle(Duration time) {
    return new Care(recycleAfter, recycleAbove, time, logs, naming);
  }

  Care logs(Path directory) {
    return new Care(recycleAfter, recycleAbove, idle, Optional.of(directory), naming);
  }

  Care tagged() {
    return new Care(recycleAfter, recycleAbove, idle, logs, Naming.TAGGED);
  }

  /// What `800m` means.
  static long bytes(String size) {
    String number = size.substring(0, size.length() - 1);
    return switch (size.toLowerCase(Locale.ROOT).charAt(size.length() - 1)) {
      case 'k' -> Long.parseLong(number) << 10;
      case 'm' -> Long.parseLong(number) << 20;
      case 'g' -> Long.parseLong(number) << 30;
      default -> Long.parseLong(size);
    };
  }
}
