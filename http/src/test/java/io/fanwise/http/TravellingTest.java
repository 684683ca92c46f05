package io.fanwise.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.processes.Processes;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TravellingTest {

  @Test
  void callsAreMadeByWorkerJvmsTooAndSecretsAreLookedUpThere(@TempDir Path folder)
      throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "geheim");
    try (TestServer server = TestServer.start()) {
      server.at("/", exchange -> TestServer.json(exchange, 200, "{\"n\": 1}"));
      Http http =
          Http.post(server.url("/{id}")).bearer(Secret.file(token)).jsonBody("{\"id\": {id}}");

      List<Answer> answers =
          Fan.on(Processes.of(1)).map(List.of(Map.of("id", 1), Map.of("id", 2)), http);

      assertThat(answers).extracting(Answer::text).containsExactly("{\"n\": 1}", "{\"n\": 1}");
      assertThat(server.asked())
          .extracting(asked -> asked.headers().getFirst("Authorization"))
          .containsOnly("Bearer geheim");
      assertThat(answers.getFirst().headers().first("content-type")).hasValue("application/json");
    }
  }

  @Test
  void secretsAreNotInTheBytesThatTravel(@TempDir Path folder) throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "geheim");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(Http.get("https://x/{id}").bearer(Secret.file(token)));
    }

    assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).doesNotContain("geheim");
  }
}
