package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.pipeline.RunFolder.Command;
import io.fanwise.pipeline.RunFolder.Settings;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class SettingsJsonTest {
  private static final Settings SETTINGS =
      new Settings(
          1,
          "8d62",
          Instant.parse("2026-11-20T22:08:53.858689283Z"),
          List.of("in.csv (12 bytes)"),
          "Score#5dad",
          List.of("jsonl to \"out\".jsonl"),
          new Command("/data", List.of("fan", "map")),
          new Selection(3, 9, 2, 4));

  private static final String JSON =
      """
      {"format":1,"id":"8d62","created":"2026-11-20T22:08:53.858689283Z",\
      "source":["in.csv (12 bytes)"],"task":"Score#5dad","sinks":["jsonl to \\"out\\".jsonl"],\
      "command":{"folder":"/data","words":["fan","map"]},\
      "selection":{"from":3,"to":9,"shard":2,"shards":4}}
      """;

  @Test
  void itIsOneLineWithANameForEverything() {
    assertThat(new String(SettingsJson.bytes(SETTINGS), UTF_8)).isEqualTo(JSON);
    assertThat(SettingsJson.read(JSON.getBytes(UTF_8))).isEqualTo(SETTINGS);
  }

  @Test
  void theOrderIsOfNoInterestAndNamesNobodyKnowsArePassedOver() {
    String other =
        JSON.replace("{\"format\":1,", "{\"more\":{\"id\":[1,{}]},\"none\":null,")
            .replace("\"words\"", "\"size\":7,\"words\"")
            .replace("\"shards\":4}}", "\"of\":[],\"shards\":4},\"format\":1}");

    assertThat(SettingsJson.read(other.getBytes(UTF_8))).isEqualTo(SETTINGS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{\"format\":1",
        "{\"format\":\"1\"}",
        "{\"id\":null}",
        "{\"created\":\"yesterday\"}",
        "{\"source\":\"in.csv\"}",
        "{\"source\":[1]}",
        "{\"command\":[]}",
        "{\"selection\":{\"from\":-1}}",
        "{\"selection\":{\"shard\":2,\"shards\":1}}",
        "{\"format\":1}}",
        "{\"format\":1} {}"
      })
  void whatIsNotOfThisFormIsNotRead(String json) {
    assertThatThrownBy(() -> SettingsJson.read(json.getBytes(UTF_8)))
        .isInstanceOf(JacksonException.class);
  }

  @Property(tries = 200)
  void whatWasWrittenIsRead(
      @ForAll @NotEmpty String id,
      @ForAll List<String> source,
      @ForAll String task,
      @ForAll String word) {
    Settings settings =
        new Settings(
            1,
            id,
            Instant.EPOCH,
            source,
            task,
            List.of(word),
            new Command(word, source),
            Selection.ALL);

    assertThat(SettingsJson.read(SettingsJson.bytes(settings))).isEqualTo(settings);
  }
}
