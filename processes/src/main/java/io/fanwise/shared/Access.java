package io.fanwise.shared;

import java.nio.channels.FileChannel.MapMode;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// What may be done with shared memory.
enum Access {
  READ,
  WRITE;

  MapMode mode() {
    return switch (this) {
      case READ -> MapMode.READ_ONLY;
      case WRITE -> MapMode.READ_WRITE;
    };
  }

  Set<OpenOption> options() {
    return switch (this) {
      case READ -> Set.of(StandardOpenOption.READ);
      case WRITE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    };
  }
}
