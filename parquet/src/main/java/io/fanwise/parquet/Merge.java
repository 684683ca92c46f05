package io.fanwise.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;

/// Many files with the same columns as one, whose row groups are of a good size for who reads it.
/// Immutable.
record Merge(List<Path> parts, Layout layout) {
  /// In memory, before it is packed; larger ones need more memory than a small process has.
  private static final long ROW_GROUP = 64 << 20;

  static Merge of(List<Path> parts, Layout layout) {
    return new Merge(List.copyOf(parts), layout);
  }

  void into(Path file) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(layout.schema())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      for (Path part : parts) {
        copy(part, writer);
      }
    }
  }

  private static void copy(Path part, ParquetWriter<Group> writer) throws IOException {
    try (ParquetReader<Group> reader = new Groups(new LocalInputFile(part)).build()) {
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
