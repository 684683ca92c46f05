package io.fanwise.cli;

import io.fanwise.cli.output.Failures;
import io.fanwise.rows.Format;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What a run whose state is kept has noted of inputs that failed. Immutable.
///
/// @param letters the file of the state with what failed, the latest last
record KeptFailures(Path letters) {

  /// Writes them as `--failures` has them, as they stand now: inputs that can be run again, and a
  /// file of reasons.
  ///
  /// @param state what has failed, and has not done well since
  /// @param failures what is written
  void copy(KeptState state, List<String> columns, Failures failures) {
    Map<Long, JsonNode> latest = new TreeMap<>();
    each(letter -> {
      long index = letter.get("index").asLong();
      if (state.state().hasFailed(index)) {
        latest.put(index, letter);
      }
    });
    for (JsonNode letter : latest.values()) {
      failures.write(
          new Failures.Failure(
              letter.get("index").asLong(),
              letter.path("place").asString(),
              letter.get("input").asString(),
              letter.get("error").asString(),
              letter.get("attempts").asInt()),
          columns);
    }
  }

  private interface Reader {
    void letter(JsonNode letter);
  }

  private void each(Reader reader) {
    if (!Files.exists(letters)) {
      return;
    }
    Reading reading = Reading.standard().format(Format.JSONL);
    try (Inputs all = Inputs.of(List.of("" + letters), InputStream.nullInputStream(), reading)) {
      all.forEachRemaining(row -> reader.letter(row.json()));
    }
  }
}
