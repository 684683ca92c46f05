package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where bytes go: to a file, or to its parts. Immutable.
///
/// @param file its path
/// @param parts how large parts are, if there are any
record Target(Path file, Optional<Parts> parts) {

  /// One file.
  static Target of(Path file) {
    return new Target(file, Optional.empty());
  }

  Target parts(Parts size) {
    return new Target(file, Optional.of(size));
  }

  Appended open(Optional<String> mark, Durability durability) throws IOException {
    return parts.isPresent()
        ? PartedFile.open(file, parts.get(), mark, durability)
        : AppendedFile.open(file, mark, durability);
  }

  /// What is there already, in words.
  Optional<String> occupied() throws IOException {
    for (Path each : parts.isPresent() ? PartedFile.there(file) : List.of(file)) {
      if (Files.isRegularFile(each) && Files.size(each) > 0) {
        return Optional.of("%s is there already (%d bytes)".formatted(each, Files.size(each)));
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return file + parts.map(size -> " in " + size).orElse("");
  }
}
