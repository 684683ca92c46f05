package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A file to which bytes are appended. Immutable.
///
/// @param format its name
/// @param encoder makes bytes of results
record FileSink<R>(Path file, String format, Encoder<R> encoder) implements Sink<R> {

  @Override
  public String identity() {
    return "%s to %s".formatted(format, file);
  }

  @Override
  public Optional<Path> place() {
    return Optional.of(file);
  }

  @Override
  public Output open(Sitting sitting) throws IOException {
    return AppendedFile.open(file, sitting.mark(), sitting.durability());
  }
}
