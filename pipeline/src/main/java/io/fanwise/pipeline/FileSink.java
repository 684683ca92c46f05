package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A file to which bytes are appended. Immutable.
///
/// @param format its name
/// @param encoder makes bytes of results
record FileSink<R>(Target target, String format, Encoder<R> encoder) implements InFile<R> {

  @Override
  public Sink<R> parts(Parts size) {
    return new FileSink<>(target.parts(size), format, JsonLine.alone(encoder));
  }

  @Override
  public String identity() {
    return "%s to %s".formatted(format, target);
  }

  @Override
  public Optional<Path> place() {
    return Optional.of(target.file());
  }

  @Override
  public Optional<String> occupied() throws IOException {
    return target.occupied();
  }

  @Override
  public Output open(Sitting sitting) throws IOException {
    return target.open(sitting.mark(), sitting.durability());
  }
}
