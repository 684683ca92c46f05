package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The rows of files. Immutable.
///
/// @param decode what a task is given of a row
record FileSource<T>(List<Path> files, Reading reading, Task<Row, T> decode) implements Source<T> {

  FileSource {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("name at least one file to read");
    }
  }

  @Override
  public List<String> identity() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("as " + reading);
    for (Path file : files) {
      lines.add(told(file));
    }
    return lines;
  }

  private static String told(Path file) throws IOException {
    if (file.equals(StandardInput.PATH)) {
      return "standard input";
    }
    return Files.isRegularFile(file)
        ? "%s, %d bytes, of %s".formatted(file, Files.size(file), Files.getLastModifiedTime(file))
        : file.toString();
  }

  @Override
  public List<Path> files() {
    return files.stream().filter(file -> !StandardInput.PATH.equals(file)).toList();
  }

  List<String> names() {
    return files.stream().map(Path::toString).toList();
  }

  /// What is to be read where standard input is named.
  InputStream standardInput() {
    return files.contains(StandardInput.PATH)
        ? StandardInput.take()
        : InputStream.nullInputStream();
  }

  @Override
  public Cursor open(Bookmark from) {
    return new Rows(Inputs.of(names(), standardInput(), reading, from));
  }

  @Override
  public Task<Object, T> decoder() {
    Task<Row, T> each = decode;
    return row -> each.run((Row) row);
  }

  /// The rows as they are read.
  record Rows(Inputs inputs) implements Cursor {

    @Override
    public boolean advance() {
      return inputs.hasNext();
    }

    @Override
    public Object value() {
      return inputs.next();
    }

    @Override
    public Bookmark bookmark() {
      return inputs.bookmark();
    }

    @Override
    public void close() {
      inputs.close();
    }
  }
}
