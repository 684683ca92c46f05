package io.fanwise.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalOutputFile;

/// Many files with the same columns as one. Those of a good size for who reads it are copied as
/// they are, which takes a fraction of the time; small ones in a row are written anew. Immutable.
record Merge(List<Path> parts, Layout layout) {
  /// In memory, before it is packed; larger ones need more memory than a small process has.
  private static final long ROW_GROUP = 64 << 20;

  /// Less than that, packed, is no good row group; many results in five seconds are more.
  private static final long SMALL = 1 << 20;

  static Merge of(List<Path> parts, Layout layout) {
    return new Merge(List.copyOf(parts), layout);
  }

  /// Makes the file. What it takes besides is beside it, under names that end in `.tmp`.
  void into(Path file) throws IOException {
    List<Path> whole = new ArrayList<>();
    List<Path> small = new ArrayList<>();
    for (Path part : parts) {
      if (Files.size(part) < SMALL) {
        small.add(part);
      } else {
        gather(small, file, whole);
        whole.add(part);
      }
    }
    gather(small, file, whole);
    append(whole, file);
  }

  /// Makes one of small parts in a row.
  private void gather(List<Path> small, Path file, List<Path> whole) throws IOException {
    if (small.size() > 1) {
      Path gathered = file.resolveSibling("gathered-%d.tmp".formatted(whole.size()));
      write(small, gathered);
      whole.add(gathered);
    } else {
      whole.addAll(small);
    }
    small.clear();
  }

  /// Puts row groups behind one another, as they are.
  private void append(List<Path> whole, Path file) throws IOException {
    ParquetReadOptions plain = ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
    try (ParquetFileWriter writer =
        new ParquetFileWriter(
            new LocalOutputFile(file),
            layout.schema(),
            ParquetFileWriter.Mode.OVERWRITE,
            ROW_GROUP,
            0,
            null,
            ParquetProperties.builder().build())) {
      writer.start();
      for (Path each : whole) {
        try (ParquetFileReader reader = new ParquetFileReader(new OfFile(each), plain)) {
          reader.appendTo(writer);
        }
      }
      writer.end(Map.of());
    }
  }

  private void write(List<Path> small, Path file) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(layout.schema())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      for (Path part : small) {
        copy(part, writer);
      }
    }
  }

  private static void copy(Path part, ParquetWriter<Group> writer) throws IOException {
    try (ParquetReader<Group> reader = new Groups(new OfFile(part)).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        writer.write(group);
      }
    }
  }

  /// Opens files as groups of values.
  static final class Groups extends ParquetReader.Builder<Group> {
    Groups(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
