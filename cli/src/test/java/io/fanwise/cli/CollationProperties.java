package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.rows.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Records of several files, put together.
class CollationProperties {
  private static Path folder = Path.of("");

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("collation");
  }

  @AfterContainer
  static void deleteFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Property(tries = 60)
  void recordsComeInOrderWhateverTheOrderInTheirFiles(
      @ForAll @IntRange(min = 0, max = 500) int records,
      @ForAll @IntRange(min = 1, max = 4) int files,
      @ForAll @IntRange(min = 0, max = 2_000) int held,
      @ForAll @IntRange(min = 0, max = 500) int disorder,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    List<List<String>> shards = new ArrayList<>();
    for (int shard = 0; shard < files; shard++) {
      shards.add(new ArrayList<>());
    }
    List<String> all = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      String line = "{\"index\":%d,\"result\":\"%s\"}".formatted(i, "é".repeat(random.nextInt(9)));
      all.add(line);
      shards.get(random.nextInt(files)).add(line);
    }
    for (List<String> shard : shards) {
      for (int i = 0; i < disorder && !shard.isEmpty(); i++) {
        int from = random.nextInt(shard.size());
        Collections.swap(shard, from, Math.min(shard.size() - 1, from + random.nextInt(20)));
      }
    }

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path copies = folder.resolve("copies");
    long written;
    try (Collation collation = new Collation(Format.JSONL, copies, held)) {
      for (int i = 0; i < files; i++) {
        collation.add(Files.write(folder.resolve(i + ".jsonl"), shards.get(i)));
      }
      written = collation.writeTo(out);
    }

    assertThat(out.toString(UTF_8).lines()).containsExactlyElementsOf(all);
    assertThat(written).isEqualTo(records);
    assertThat(copies).doesNotExist();
  }
}
