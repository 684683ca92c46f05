package io.fanwise.rows;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the bytes of some inputs come from.
sealed interface Source {

  /// What people call it.
  String name();

  /// The file, if it is one.
  Optional<Path> file();

  InputStream open() throws IOException;

  static Source standard(InputStream in) {
    return new Standard(in);
  }

  /// Checks the file at the door.
  static Source stored(String name) {
    Path file;
    try {
      file = Path.of(name);
    } catch (InvalidPathException e) {
      throw new BadInput("No such file: " + name, e);
    }
    if (!Files.exists(file)) {
      throw new BadInput("No such file: " + name);
    }
    if (Files.isDirectory(file)) {
      throw new BadInput(
          "%s is a directory: name the files in it, such as %s".formatted(name, file.resolve("*")));
    }
    if (!Files.isReadable(file)) {
      throw new BadInput("No permission to read " + name);
    }
    return new Stored(file);
  }

  /// The one format that the files' names speak of; standard input goes along.
  static Format format(List<Source> sources) {
    List<Source> files = sources.stream().filter(source -> source.file().isPresent()).toList();
    if (files.isEmpty()) {
      return Format.LINES;
    }
    Source first = files.getFirst();
    Format format = Format.of(first.name());
    for (Source source : files) {
      Format other = Format.of(source.name());
      if (other != format) {
        throw new BadInput(
            "%s is %s, but %s is %s: inputs of a run have one format; say which with --format"
                .formatted(first.name(), format, source.name(), other));
      }
    }
    return format;
  }

  /// A file.
  record Stored(Path path) implements Source {

    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public Optional<Path> file() {
      return Optional.of(path);
    }

    @Override
    public InputStream open() throws IOException {
      return Files.isRegularFile(path)
          ? Files.newInputStream(path)
          : Channels.newInputStream(FileChannel.open(path)); // a pipe's reader can be interrupted
    }
  }

  /// Standard input, which whoever reads it does not close.
  record Standard(InputStream in) implements Source {

    @Override
    public String name() {
      return "standard input";
    }

    @Override
    public Optional<Path> file() {
      return Optional.empty();
    }

    @Override
    public InputStream open() {
      return new FilterInputStream(in) {
        @Override
        public void close() {}
      };
    }
  }
}
