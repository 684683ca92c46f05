package io.fanwise.parquet;

import io.fanwise.pipeline.Source;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of several files as they are read. Confined to the thread that reads.
final class RowFiles implements Source.Cursor {
  private final List<Path> files;
  private final List<String> columns;
  private int at;
  private long fileFrom;
  private long number;
  private @Nullable RowFile file;
  private @Nullable Row row;

  private RowFiles(List<Path> files, List<String> columns, Bookmark from) {
    this.files = files;
    this.columns = columns;
    this.at = from.file();
    this.fileFrom = from.fileFrom();
    this.number = from.number();
  }

  static RowFiles open(List<Path> files, List<String> columns, Bookmark from) throws IOException {
    RowFiles rows = new RowFiles(files, columns, from);
    RowFile first = RowFile.open(files.get(from.file()), columns);
    rows.file = first;
    first.skip(from.number() - from.fileFrom());
    return rows;
  }

  @Override
  public boolean advance() throws IOException {
    RowFile current = file;
    while (current != null) {
      row = current.next(number + 1);
      if (row != null) {
        number++;
        return true;
      }
      current = nextFile();
    }
    return false;
  }

  private @Nullable RowFile nextFile() throws IOException {
    if (at + 1 == files.size()) {
      return null;
    }
    close();
    at++;
    fileFrom = number;
    file = RowFile.open(files.get(at), columns);
    return file;
  }

  @Override
  public Object value() {
    if (row == null) {
      throw new IllegalStateException("no row was read");
    }
    return row;
  }

  @Override
  public Bookmark bookmark() {
    return new Bookmark(number, at, fileFrom, -1, number - fileFrom);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
