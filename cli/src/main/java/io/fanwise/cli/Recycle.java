package io.fanwise.cli;

import io.fanwise.processes.Processes;
import picocli.CommandLine.TypeConversionException;

/// When a worker JVM is replaced by a new one.
sealed interface Recycle {

  /// After so many inputs.
  record After(int inputs) implements Recycle {}

  /// When it occupies more memory than this.
  record Above(String size) implements Recycle {}

  /// Reads `1000`, a number of inputs, or `800m`, an amount of memory.
  static Recycle parse(String text) {
    if (text.matches("[1-9][0-9]{0,8}")) {
      return new After(Integer.parseInt(text));
    }
    if (text.matches("[1-9][0-9]{0,8}[kKmMgG]")) {
      return new Above(text);
    }
    throw new TypeConversionException(
        "'%s' is neither a number of inputs, such as 1000, nor an amount of memory, such as 800m"
            .formatted(text));
  }

  /// Worker JVMs that are replaced so.
  default Processes of(Processes processes) {
    return switch (this) {
      case After(int inputs) -> processes.recycleAfter(inputs);
      case Above(String size) -> processes.recycleAbove(size);
    };
  }
}
