package io.fanwise.parquet;

import io.fanwise.pipeline.Durability;
import io.fanwise.pipeline.Fields;
import io.fanwise.pipeline.RunRefused;
import io.fanwise.pipeline.Sink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;

/// A Parquet file that is made of a part for each commit. A part is written under another name, and
/// gets its own when it is whole. Confined to the thread that writes.
///
/// ```
/// PARTS ──▶ MERGED (the file is there, and so are the parts) ──▶ DONE (only the file is)
/// ```
final class ParquetOutput implements Sink.Selective {
  /// A part costs a footer and its own dictionaries, so it should not be too small.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// What a part holds in memory while it is written.
  private static final long ROW_GROUP = 16 << 20;

  private final Path file;
  private final Path parts;
  private final Durability durability;
  private @Nullable Layout layout;
  private @Nullable ParquetWriter<Fields> writer;
  private int number;
  private long bytes;

  private ParquetOutput(Path file, Durability durability, Mark mark) {
    this.file = file;
    this.parts = parts(file);
    this.durability = durability;
    this.layout = mark.schema.isEmpty() ? null : Layout.parsed(mark.schema);
    this.number = mark.number;
    this.bytes = mark.bytes;
  }

  /// How far it has come. Immutable.
  ///
  /// @param number the number of the last part
  /// @param bytes how many bytes all parts have
  /// @param schema the columns; empty if they are not known yet
  private record Mark(int number, long bytes, String schema) {
    static final Mark START = new Mark(0, 0, "");

    static Mark of(String text) {
      String[] each = text.split(" ", 3);
      return new Mark(Integer.parseInt(each[0]), Long.parseLong(each[1]), each[2]);
    }

    @Override
    public String toString() {
      return number + " " + bytes + " " + schema;
    }
  }

  static ParquetOutput open(Path file, Sink.Sitting sitting) throws IOException {
    Mark mark = sitting.mark().map(Mark::of).orElse(Mark.START);
    if (mark.number == 0) {
      Files.deleteIfExists(file);
      delete(parts(file));
    }
    delete(emptied(file));
    if (Files.isDirectory(parts(file))) {
      deleteAfter(file, mark.number);
    }
    if (mark.number > 0 && !Files.isDirectory(parts(file))) {
      if (!Files.isRegularFile(file)) {
        throw new RunRefused("%s is gone: put it back, or start over".formatted(file));
      }
    } else {
      Files.createDirectories(parts(file));
      for (int i = 1; i <= mark.number; i++) {
        if (!Files.isRegularFile(part(file, i))) {
          throw new RunRefused("%s is gone: put it back, or start over".formatted(part(file, i)));
        }
      }
    }
    return new ParquetOutput(file, sitting.durability(), mark);
  }

  private static Path parts(Path file) {
    return file.resolveSibling(file.getFileName() + ".parts");
  }

  private static Path emptied(Path file) {
    return file.resolveSibling(file.getFileName() + ".parts.done");
  }

  private static Path part(Path file, int number) {
    return parts(file).resolve("%08d.parquet".formatted(number));
  }

  /// Takes back what was written after a part.
  private static void deleteAfter(Path file, int number) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parts(file))) {
      for (Path each : all) {
        if (each.compareTo(part(file, number)) > 0 || each.toString().endsWith(".tmp")) {
          Files.delete(each);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        for (Path each : all) {
          Files.delete(each);
        }
      }
      Files.delete(folder);
    }
  }

  @Override
  public void admit(long position, Object encoded) {
    Fields fields = (Fields) encoded;
    if (layout == null) {
      Layout.of(fields);
    } else {
      layout.admit(fields);
    }
  }

  @Override
  public void write(long position, Object encoded) throws IOException {
    Fields fields = (Fields) encoded;
    if (layout == null) {
      layout = Layout.of(fields);
    }
    if (writer == null) {
      writer = writer(unfinished(), layout);
    }
    writer.write(fields);
  }

  private Path unfinished() {
    return parts.resolve("%08d.tmp".formatted(number + 1));
  }

  private static ParquetWriter<Fields> writer(Path path, Layout layout) throws IOException {
    return new FieldsWriting.Builder(new LocalOutputFile(path), layout.schema())
        .withConf(new PlainParquetConfiguration())
        .withCompressionCodec(CompressionCodecName.ZSTD)
        .withRowGroupSize(ROW_GROUP)
        .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
        .build();
  }

  @Override
  public String commit() throws IOException {
    if (writer != null) {
      writer.close();
      writer = null;
      bytes += Files.size(unfinished());
      appear(unfinished(), part(file, number + 1));
      number++;
    }
    return new Mark(number, bytes, layout == null ? "" : layout.toString()).toString();
  }

  /// Gives a file its name, once it is whole.
  private void appear(Path whole, Path name) throws IOException {
    force(whole);
    Files.move(whole, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = name.toAbsolutePath().getParent();
    if (folder != null) {
      force(folder);
    }
  }

  private void force(Path path) throws IOException {
    if (durability == Durability.DISK) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public Duration patience() {
    return PATIENCE;
  }

  @Override
  public void finish() throws IOException {
    if (!Files.isDirectory(parts)) {
      return;
    }
    if (layout != null) {
      List<Path> all = new ArrayList<>();
      for (int i = 1; i <= number; i++) {
        all.add(part(file, i));
      }
      Path merged = parts.resolve("merged.tmp");
      Merge.of(all, layout).into(merged);
      appear(merged, file);
    }
    Files.move(parts, emptied(file), StandardCopyOption.ATOMIC_MOVE);
    delete(emptied(file));
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /// Closes it; what was not committed is taken back when it is opened again.
  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}
