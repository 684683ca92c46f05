package io.fanwise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {

  @Test
  void filesWithTheSameContentAreFound(@TempDir Path folder) throws IOException {
    Path one = Files.writeString(folder.resolve("one.txt"), "the same");
    Path two =
        Files.writeString(Files.createDirectory(folder.resolve("in")).resolve("2"), "the same");
    Files.writeString(folder.resolve("other.txt"), "something else");

    Duplicates.Report report = Duplicates.find(folder);

    assertThat(report.unreadable()).isEmpty();
    assertThat(report.groups())
        .singleElement()
        .satisfies(same -> assertThat(same).contains(one, two));
  }

  @Test
  void everyCallIsAccountedFor() {
    TenThousandCalls.Summary summary = TenThousandCalls.run(1_000, 1);

    assertThat(summary.answers() + summary.failures()).isEqualTo(1_000);
    assertThat(summary.answers()).isGreaterThan(900);
  }
}
