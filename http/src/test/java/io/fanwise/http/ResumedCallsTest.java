package io.fanwise.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.RunRefused;
import io.fanwise.pipeline.Sink;
import io.fanwise.pipeline.Source;
import io.fanwise.pipeline.Summary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumedCallsTest {
  private final TestServer server = TestServer.start();
  @TempDir private Path folder;
  private Path items;
  private Path answers;

  @BeforeEach
  void write() throws IOException {
    items = Files.writeString(folder.resolve("items.csv"), "id\n1\n2\n3\n");
    answers = folder.resolve("answers.jsonl");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Summary run(Http http) {
    return Pipeline.read(Source.csv(items))
        .map(http)
        .write(Sink.jsonLines(answers))
        .run(Fan.virtualThreads(3));
  }

  @Test
  void anItemThatFailsIsWrittenDownAndTheOthersGoOn() throws IOException {
    server.at(
        "/",
        exchange -> {
          boolean bad = exchange.getRequestURI().getPath().endsWith("2");
          TestServer.json(exchange, bad ? 404 : 200, "{\"a\":1}");
        });

    Summary summary = run(Http.get(server.url("/{id}")));

    assertThat(summary.done()).isEqualTo(2);
    assertThat(Files.readString(summary.failures()))
        .contains("GET " + server.url("/2") + " failed: status 404: {\\\"a\\\":1}");
  }

  @Test
  void aRunIsNotGoneOnWithByOtherCalls() {
    server.at("/", exchange -> TestServer.json(exchange, 200, "{}"));
    run(Http.get(server.url("/{id}")));

    assertThat(run(Http.get(server.url("/{id}")).timeout(Duration.ofSeconds(9))).done())
        .isEqualTo(3);
    assertThatThrownBy(() -> run(Http.get(server.url("/v2/{id}")))).isInstanceOf(RunRefused.class);
    assertThat(server.asked()).hasSize(3);
  }

  @Test
  void noSecretIsInTheFolderOfTheRun() throws IOException {
    server.at(
        "/",
        exchange ->
            TestServer.json(
                exchange,
                400,
                "{\"you\":\"" + exchange.getRequestHeaders().get("Authorization") + "\"}"));
    Path token = Files.writeString(folder.resolve("token"), "geheim-4711");

    run(
        Http.get(server.url("/{id}"))
            .basic("me", Secret.file(token))
            .query("k", "{file:" + token + "}"));

    String base64 =
        Base64.getEncoder().encodeToString("me:geheim-4711".getBytes(StandardCharsets.UTF_8));
    try (var files = Files.walk(folder.resolve("answers.jsonl.fan"))) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all)
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                  .doesNotContain("geheim", base64));
    }
  }

  @Test
  void anIdempotencyKeyIsTheSameForEveryCallAboutAnItemAlsoInAnotherSitting() throws IOException {
    server.at(
        "/", exchange -> TestServer.json(exchange, server.asked().size() > 3 ? 200 : 500, "{}"));
    Http http = Http.post(server.url("/{id}")).idempotencyKey();
    Pipeline<?, ?> pipeline =
        Pipeline.read(Source.csv(items)).map(http.select("")).write(Sink.jsonLines(answers));

    Summary first = pipeline.run(Fan.virtualThreads(3));
    Summary second = pipeline.retryFailed().run(Fan.virtualThreads(3));

    List<String> keys =
        server.asked().stream()
            .map(asked -> asked.target() + " " + asked.headers().getFirst("Idempotency-Key"))
            .toList();
    assertThat(first.failed()).isEqualTo(3);
    assertThat(second.done()).isEqualTo(3);
    assertThat(keys).hasSize(6);
    assertThat(keys.stream().distinct().sorted())
        .hasSize(3)
        .allMatch(key -> key.matches("/([123]) \\S{8,}-[012]"));
  }

  @Test
  void withoutARunThereIsNoIdempotencyKey() {
    Http http = Http.post(server.url("/")).idempotencyKey();

    assertThatThrownBy(() -> http.run("item"))
        .hasMessageEndingWith(
            "{run} is known only in a pipeline, to tasks that are given to it as they are");
  }
}
