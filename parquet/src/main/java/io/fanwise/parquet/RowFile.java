package io.fanwise.parquet;

import io.fanwise.rows.BadInput;
import io.fanwise.rows.Origin;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// A Parquet file as it is read, in the memory of a row group. Confined to the thread that reads.
final class RowFile implements AutoCloseable {
  private final Path path;
  private final ParquetFileReader reader;
  private final MessageType schema;
  private final MessageColumnIO columns;
  private final Origin origin;
  private @Nullable RecordReader<Group> group;
  private int groups;
  private long left;
  private long line;

  private RowFile(Path path, ParquetFileReader reader, MessageType schema) {
    this.path = path;
    this.reader = reader;
    this.schema = schema;
    this.columns =
        new ColumnIOFactory().getColumnIO(schema, reader.getFileMetaData().getSchema(), true);
    List<String> names = schema.getFields().stream().map(Type::getName).toList();
    this.origin = Origin.of(path.toString(), names, "");
  }

  /// @param columns those to read; all if there are none
  /// @throws BadInput if it is no such file, or has no such columns
  static RowFile open(Path path, List<String> columns) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new BadInput(Files.exists(path) ? path + " is no file" : "No such file: " + path);
    }
    ParquetFileReader reader = reader(path);
    try {
      MessageType all = reader.getFileMetaData().getSchema();
      MessageType schema = columns.isEmpty() ? all : chosen(path, all, columns);
      reader.setRequestedSchema(schema);
      return new RowFile(path, reader, schema);
    } catch (Throwable e) {
      reader.close();
      throw e;
    }
  }

  private static ParquetFileReader reader(Path path) {
    try {
      return ParquetFileReader.open(
          new LocalInputFile(path),
          ParquetReadOptions.builder(new PlainParquetConfiguration()).build());
    } catch (IOException | RuntimeException e) {
      throw unreadable(path, e);
    }
  }

  private static BadInput unreadable(Path path, Exception e) {
    BadInput unreadable = new BadInput("Cannot read %s: %s".formatted(path, e.getMessage()));
    unreadable.initCause(e);
    return unreadable;
  }

  private static MessageType chosen(Path path, MessageType all, List<String> columns) {
    List<Type> types = new ArrayList<>();
    for (String name : columns) {
      if (!all.containsField(name)) {
        throw new BadInput(
            "no column \"%s\" in %s: it has %s"
                .formatted(
                    name,
                    path,
                    String.join(", ", all.getFields().stream().map(Type::getName).toList())));
      }
      types.add(all.getType(name));
    }
    return new MessageType(all.getName(), types);
  }

  /// How many rows it says that it has.
  long rows() {
    return reader.getRecordCount();
  }

  /// Leaves rows out; row groups that lie before are not read.
  void skip(long rows) {
    while (line < rows) {
      long size = groups < reader.getRowGroups().size() ? size(groups) : 0;
      if (left == 0 && size > 0 && line + size <= rows) {
        reader.skipNextRowGroup();
        groups++;
        line += size;
      } else if (record() == null) {
        throw new BadInput(
            "%s has fewer rows than when it was read last: %,d, not %,d"
                .formatted(path, line, rows));
      }
    }
  }

  private long size(int number) {
    return reader.getRowGroups().get(number).getRowCount();
  }

  /// The next row; null after the last.
  ///
  /// @param number its number in the run, from 1
  @Nullable Row next(long number) {
    Group record = record();
    return record == null ? null : origin.row(number, line, GroupValues.of(record, schema));
  }

  private @Nullable Group record() {
    try {
      while (left == 0) {
        PageReadStore pages = reader.readNextRowGroup();
        if (pages == null) {
          return null;
        }
        groups++;
        left = pages.getRowCount();
        group = columns.getRecordReader(pages, new GroupRecordConverter(schema));
      }
      RecordReader<Group> from = group;
      if (from == null) {
        throw new IllegalStateException("no row group was opened");
      }
      left--;
      Group record = from.read();
      line++;
      return record;
    } catch (IOException | RuntimeException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
