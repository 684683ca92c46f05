package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderTest {

  @TempDir Path folder;

  @Test
  void runsBatchesAndAttemptsAreRecorded() throws IOException {
    List<RecordedEvent> events =
        recorded(() -> Fan.threads(2).batch(10).map(Range.of(0, 100), i -> i));

    assertThat(named(events, "io.fanwise.Run"))
        .singleElement()
        .satisfies(run -> assertThat(run.getLong("done")).isEqualTo(100));
    assertThat(named(events, "io.fanwise.Batch"))
        .hasSize(10)
        .allSatisfy(batch -> assertThat(batch.getInt("ran")).isEqualTo(10));
    assertThat(named(events, "io.fanwise.Attempt"))
        .extracting(attempt -> attempt.getLong("index"))
        .containsExactlyInAnyOrderElementsOf(Range.of(0L, 100L));
  }

  @Test
  void runsInPlaceAreRecordedToo() throws IOException {
    List<RecordedEvent> events = recorded(() -> Fan.sequential().map(Range.of(0, 3), i -> i));

    assertThat(named(events, "io.fanwise.Run"))
        .singleElement()
        .satisfies(run -> assertThat(run.getLong("done")).isEqualTo(3));
    assertThat(named(events, "io.fanwise.Attempt")).hasSize(3);
  }

  private List<RecordedEvent> recorded(Runnable work) throws IOException {
    Path file = folder.resolve("run.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("io.fanwise.Run");
      recording.enable("io.fanwise.Batch");
      recording.enable("io.fanwise.Attempt");
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file);
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
  }
}
