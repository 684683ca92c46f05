package io.fanwise.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.CarpetReader;
import io.fanwise.pipeline.Fields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeTest {
  private final Random random = new Random(17);

  @TempDir Path folder;

  record Numbered(long index, String result) {}

  @Test
  void smallPartsBecomeOneRowGroupAndLargeOnesStayAsTheyAre() throws Exception {
    List<Path> parts = List.of(part(0, 10), part(10, 10), part(20, 200_000), part(200_020, 10));
    Path file = folder.resolve("merged.parquet");

    Merge.of(parts, Layout.of(Fields.of(0, "text"))).into(file);

    List<Long> indexes = new ArrayList<>();
    for (Numbered row : new CarpetReader<>(file.toFile(), Numbered.class)) {
      indexes.add(row.index());
      assertThat(row.result()).startsWith(row.index() + " ");
    }
    assertThat(indexes).isEqualTo(LongStream.range(0, 200_030).boxed().toList());
    try (ParquetFileReader reader =
        new ParquetFileReader(
            new OfFile(file),
            ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
      assertThat(reader.getRowGroups())
          .extracting(group -> group.getRowCount())
          .containsExactly(20L, 200_000L, 10L);
    }
  }

  /// A file with results that cannot be packed well.
  private Path part(long from, int count) throws Exception {
    Path file = folder.resolve("part-" + from);
    try (ParquetWriter<Fields> writer =
        new FieldsWriting.Builder(
                new LocalOutputFile(file), Layout.of(Fields.of(0, "text")).schema())
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      for (long i = from; i < from + count; i++) {
        writer.write(Fields.of(i, i + " " + Long.toHexString(random.nextLong())));
      }
    }
    return file;
  }
}
