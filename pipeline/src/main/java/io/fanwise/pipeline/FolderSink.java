package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// A folder with a file for each result. Immutable.
///
/// @param rule how files are named, in words
record FolderSink<R>(Path folder, String rule, Naming<? super R> naming) implements Sink<R> {

  @Override
  public String identity() {
    return "files named %s to %s".formatted(rule, folder);
  }

  @Override
  public Optional<Path> place() {
    return Optional.of(folder);
  }

  @Override
  public Optional<String> occupied() throws IOException {
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .findAny()
          .map(file -> "%s has files already, such as %s".formatted(folder, file.getFileName()));
    }
  }

  @Override
  public Encoder<R> encoder() {
    return new SheetEncoder<>(naming);
  }

  @Override
  public Output open(Sitting sitting) throws IOException {
    return FolderOutput.open(folder, sitting.mark(), sitting.durability());
  }
}
