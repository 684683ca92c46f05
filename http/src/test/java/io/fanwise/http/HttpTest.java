package io.fanwise.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.Zstd;
import io.fanwise.Fan;
import io.fanwise.pipeline.Identified;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.Sink;
import io.fanwise.pipeline.Source;
import io.fanwise.rows.Json;
import io.fanwise.work.PushedBack;
import io.fanwise.work.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HttpTest {
  private final TestServer server = TestServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aCallIsMadeOfAnItem() throws Exception {
    server.at("/items/", exchange -> TestServer.json(exchange, 200, "{\"name\": \"one\"}"));
    Http http =
        Http.get(server.url("/items/{id}"))
            .query("page size", "{size}")
            .header("X-Item", "no. {id}")
            .cookie("session", "s-{id}");

    Answer answer = http.run(Map.of("id", "a/b", "size", "10 & more"));

    TestServer.Asked asked = server.asked().getFirst();
    assertThat(asked.target()).isEqualTo("/items/a%2Fb?page%20size=10%20%26%20more");
    assertThat(asked.headers().getFirst("X-Item")).isEqualTo("no. a/b");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().first("content-type")).hasValue("application/json");
    assertThat(answer.select("/name").stringValue()).isEqualTo("one");
    assertThat(answer.size()).isEqualTo(15);
    assertThat(answer.time()).isPositive();
  }

  @Test
  void csvGoesInAndJsonLinesComeOutAsTheyCame(@TempDir Path folder) throws IOException {
    server.at("/", exchange -> TestServer.json(exchange, 200, "{\"n\":\n 1.10}"));
    Path items = Files.writeString(folder.resolve("items.csv"), "id\n7\n8\n");
    Path answers = folder.resolve("answers.jsonl");

    Pipeline.read(Source.csv(items))
        .map(Http.get(server.url("/{id}?i={index}")))
        .write(Sink.jsonLines(answers))
        .run(Fan.virtualThreads(2));

    assertThat(Files.readAllLines(answers))
        .containsExactlyInAnyOrder(
            "{\"index\":0,\"result\":{\"n\":1.10}}", "{\"index\":1,\"result\":{\"n\":1.10}}");
    assertThat(server.asked())
        .extracting(TestServer.Asked::target)
        .containsExactlyInAnyOrder("/7?i=0", "/8?i=1");
  }

  @Test
  void aPostSendsJson() throws Exception {
    server.at("/", exchange -> TestServer.json(exchange, 201, "{}"));

    Http.post(server.url("/embed")).jsonBody("{\"input\": {text}}").run(Map.of("text", "\"ä\""));

    TestServer.Asked asked = server.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.text()).isEqualTo("{\"input\": \"\\\"ä\\\"\"}");
    assertThat(asked.headers().getFirst("Content-type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "DELETE", "POST", "OPTIONS"})
  void everyMethodMayHaveNoBody(String method) throws Exception {
    server.at("/", exchange -> TestServer.answer(exchange, 204, "text/plain", new byte[0]));

    Answer answer = Http.of(method, server.url("/")).run("item");

    assertThat(server.asked().getFirst().method()).isEqualTo(method);
    assertThat(answer.body()).isEmpty();
    assertThat(Json.text(answer)).isEqualTo("null");
  }

  @Test
  void aHeadHasNoBodyWhateverItsHeadersSay() throws Exception {
    server.at(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Length", "1000");
          exchange.sendResponseHeaders(200, -1);
        });

    Answer answer = Http.head(server.url("/")).run("item");

    assertThat(answer.headers().first("Content-Length")).hasValue("1000");
    assertThat(answer.size()).isZero();
  }

  @Test
  void anAnswerInChunksOrPackedIsOneBody() throws Exception {
    byte[] text = "0123456789".repeat(10_000).getBytes(UTF_8);
    server.at(
        "/chunks",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(text);
        });
    server.at(
        "/packed",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(gzip(text));
        });

    Http http = Http.get(server.url("/{}"));

    assertThat(http.run("chunks").body()).isEqualTo(text);
    assertThat(http.run("packed").body()).isEqualTo(text);
    assertThat(server.asked().getFirst().headers().getFirst("Accept-encoding")).contains("gzip");
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  @Test
  void zstandardIsUnpackedToo() throws Exception {
    byte[] text = "0123456789".repeat(10_000).getBytes(UTF_8);
    server.at(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "zstd");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(Zstd.compress(text));
        });

    assertThat(Http.get(server.url("/")).run("item").body()).isEqualTo(text);
    assertThat(server.asked().getFirst().headers().toString()).contains("zstd");
  }

  @Test
  void aBombIsDefusedBeforeItFillsTheMemory() throws Exception {
    byte[] bomb = gzip(new byte[50_000_000]);
    server.at(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, bomb.length);
          exchange.getResponseBody().write(bomb);
        });

    assertThatThrownBy(() -> Http.get(server.url("/")).limit(1_000_000).run("item"))
        .isInstanceOfSatisfying(HttpFailed.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessage(
            "GET %s failed: the body has more than 1,000,000 bytes: allow more by limit"
                .formatted(server.url("/")));
  }

  @ParameterizedTest
  @CsvSource({
    "408, PASSING", "425, PASSING", "500, PASSING", "502, PASSING", "503, PASSING", "504, PASSING",
    "520, PASSING", "400, FINAL", "404, FINAL", "422, FINAL", "501, FINAL", "401, STOP",
    "403, STOP", "402, STOP"
  })
  void aStatusSaysWhetherAnotherAttemptIsWorthIt(int status, HttpFailed.Kind kind) {
    server.at("/", exchange -> TestServer.json(exchange, status, "{\"error\":\n \"why\"}"));

    assertThatThrownBy(() -> Http.get(server.url("/")).run("item"))
        .isInstanceOfSatisfying(
            HttpFailed.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e.retryable()).isEqualTo(kind == HttpFailed.Kind.PASSING);
              assertThat(HttpFailed.isFinal(e)).isNotEqualTo(e.retryable());
              assertThat(e.status()).hasValue(status);
            })
        .hasMessage(
            "GET %s failed: status %d: {\"error\": \"why\"}".formatted(server.url("/"), status));
  }

  @Test
  void whatMayHaveBeenDoneIsNotDoneTwice() {
    server.at("/", exchange -> TestServer.json(exchange, 500, "{}"));
    Http post = Http.post(server.url("/")).body("{}");

    assertThat(kindOf(post)).isEqualTo(HttpFailed.Kind.FINAL);
    assertThat(kindOf(post.retryUnsafe())).isEqualTo(HttpFailed.Kind.PASSING);
    assertThat(kindOf(post.idempotencyKey("run-7-{}"))).isEqualTo(HttpFailed.Kind.PASSING);
    assertThat(server.asked().getLast().headers().getFirst("Idempotency-key"))
        .isEqualTo("run-7-item");
  }

  private static HttpFailed.Kind kindOf(Http http) {
    try {
      throw new AssertionError(http.run("item"));
    } catch (HttpFailed e) {
      return e.kind();
    } catch (PushedBack | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429, Retry-After, 7, 7000",
    "503, Retry-After, 0, 0",
    "429, 'RateLimit', '\"default\";r=0;t=30', 30000",
    "429, 'RateLimit', 'limit=100, remaining=0, reset=12', 12000",
    "429, X-RateLimit-Reset, 3, 3000",
    "429, x-ratelimit-reset-requests, 1m0.5s, 60500",
    "529, Retry-After, 2, 2000"
  })
  void aServiceThatPushesBackSaysForHowLong(int status, String name, String value, long millis) {
    server.at(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set(name, value);
          TestServer.json(exchange, status, "{}");
        });

    assertThatThrownBy(() -> Http.get(server.url("/")).run("item"))
        .isInstanceOfSatisfying(
            PushedBack.class, e -> assertThat(e.after()).hasValue(Duration.ofMillis(millis)))
        .hasMessageStartingWith("GET " + server.url("/") + " was refused: status " + status);
  }

  @Test
  void statusesCanBeAnswersAndAnswersFailures() throws Exception {
    server.at("/gone", exchange -> TestServer.json(exchange, 404, "{}"));
    server.at("/bad", exchange -> TestServer.json(exchange, 200, "{\"error\": \"no\"}"));
    server.at("/good", exchange -> TestServer.json(exchange, 200, "{\"error\": null}"));
    Http http = Http.get(server.url("/{}")).ok(200, 404).failIf("/error");

    assertThat(http.run("gone").status()).isEqualTo(404);
    assertThat(http.run("good").status()).isEqualTo(200);
    assertThatThrownBy(() -> http.run("bad"))
        .hasMessage("GET %s failed: 200, but /error is \"no\"".formatted(server.url("/bad")));
  }

  @Test
  void aPartOfTheAnswerIsTheResult() throws Exception {
    server.at("/", exchange -> TestServer.json(exchange, 200, "{\"data\": {\"name\": \"one\"}}"));
    Http http = Http.get(server.url("/{}"));
    Task<Object, JsonNode> name = http.select("/data/name");
    Task<Object, Integer> length = http.map(answer -> answer.body().length);

    assertThat(name.run(1).stringValue()).isEqualTo("one");
    assertThat(length.run(1)).isEqualTo(25);
    assertThatThrownBy(() -> http.select("/data/id").run(1))
        .hasMessageContaining("nothing at /data/id in the answer: {\"data\"");
    assertThatThrownBy(() -> http.select("data")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBodyIsWrittenAsWhatItIs() throws Exception {
    server.at(
        "/text",
        e -> TestServer.answer(e, 200, "text/html; charset=latin1", new byte[] {(byte) 0xE4}));
    server.at("/png", e -> TestServer.answer(e, 200, "image/png", new byte[] {1, 2, 3}));
    server.at(
        "/lies", e -> TestServer.answer(e, 200, "application/json", "<html>".getBytes(UTF_8)));
    Http http = Http.get(server.url("/{}"));

    assertThat(Json.text(http.run("text"))).isEqualTo("\"ä\"");
    assertThat(Json.text(http.run("png"))).isEqualTo("\"AQID\"");
    assertThatThrownBy(() -> Json.text(http.run("lies")))
        .hasMessageContaining("answered 200 with a body that is not JSON")
        .hasMessageEndingWith("<html>");
  }

  @Test
  void bodiesAreSavedWholeOrNotAtAll(@TempDir Path folder) throws Exception {
    byte[] large = new byte[20 << 20];
    server.at("/good", e -> TestServer.answer(e, 200, "image/png", large));
    server.at("/bad", e -> TestServer.json(e, 500, "{}"));
    server.at(
        "/half",
        exchange -> {
          exchange.sendResponseHeaders(200, large.length);
          exchange.getResponseBody().write(large, 0, 100_000);
          throw new IOException("cut");
        });
    Http http = Http.get(server.url("/{}")).save(folder + "/pages/{}.png");

    Answer answer = http.run("good");

    assertThatThrownBy(() -> http.run("bad")).isInstanceOf(HttpFailed.class);
    assertThatThrownBy(() -> http.run("half")).hasMessageContaining("in the middle of the answer");
    Path good = folder.resolve("pages/good.png");
    assertThat(good).hasSize(large.length);
    assertThat(answer.file()).hasValue(good);
    assertThat(Json.tree(answer).get("bytes").longValue()).isEqualTo(large.length);
    try (var files = Files.list(folder.resolve("pages"))) {
      assertThat(files).containsExactly(good);
    }
  }

  @Test
  void redirectsAreFollowedButNotForEver() throws Exception {
    server.at("/loop", exchange -> redirect(exchange, 302, "/loop"));
    server.at("/old", exchange -> redirect(exchange, 301, "new?x=1"));
    server.at("/form", exchange -> redirect(exchange, 303, "/new"));
    server.at("/moved", exchange -> redirect(exchange, 308, "/new"));
    server.at("/new", exchange -> TestServer.json(exchange, 200, "{}"));

    Http.get(server.url("/old")).run(1);
    Http.post(server.url("/form")).body("text").run(1);
    Http.put(server.url("/moved")).body("text").run(1);

    List<TestServer.Asked> asked =
        server.asked().stream().filter(each -> each.target().startsWith("/new")).toList();
    assertThat(asked).extracting(TestServer.Asked::method).containsExactly("GET", "GET", "PUT");
    assertThat(asked).extracting(TestServer.Asked::text).containsExactly("", "", "text");
    assertThat(asked.getFirst().target()).isEqualTo("/new?x=1");
    assertThatThrownBy(() -> Http.get(server.url("/loop")).redirects(3).run(1))
        .hasMessage(
            "GET %s failed: more than 3 redirects, the last to /loop"
                .formatted(server.url("/loop")));
    assertThatThrownBy(() -> Http.get(server.url("/old")).redirects(0).run(1))
        .isInstanceOfSatisfying(HttpFailed.class, e -> assertThat(e.status()).hasValue(301));
  }

  private static void redirect(com.sun.net.httpserver.HttpExchange exchange, int status, String to)
      throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(status, -1);
  }

  @Test
  void secretsStayWithTheirHostAndOutOfSight(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "geheim-4711\n");
    Secret token = Secret.file(file);
    try (TestServer other = TestServer.start()) {
      other.at("/", exchange -> TestServer.json(exchange, 200, "{}"));
      server.at("/away", exchange -> redirect(exchange, 307, other.url("/")));
      server.at("/here", exchange -> redirect(exchange, 307, "/echo"));
      server.at(
          "/echo",
          exchange ->
              TestServer.json(
                  exchange, 400, exchange.getRequestHeaders().getFirst("Authorization")));
      Http http =
          Http.get(server.url("/{}"))
              .bearer(token)
              .header("X-Key", "{file:" + file + "}")
              .query("key", "{file:" + file + "}");

      http.run("away");

      assertThat(server.asked().getFirst().headers().getFirst("Authorization"))
          .isEqualTo("Bearer geheim-4711");
      assertThat(server.asked().getFirst().target()).isEqualTo("/away?key=geheim-4711");
      assertThat(other.asked().getFirst().headers()).doesNotContainKeys("Authorization", "X-key");
      assertThatThrownBy(() -> http.run("here"))
          .hasMessageContaining("status 400: Bearer ***")
          .hasMessageNotContaining("geheim");
      assertThatThrownBy(() -> http.run("echo"))
          .hasMessageStartingWith("GET %s?key=*** failed".formatted(server.url("/echo")));
      assertThat(http.toString() + http.identity() + token).doesNotContain("geheim");
    }
  }

  @Test
  void aSecretInTheBodyStaysWithItsHostToo(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "geheim-4711\n");
    try (TestServer other = TestServer.start()) {
      other.at("/", exchange -> TestServer.json(exchange, 200, "{}"));
      server.at("/away", exchange -> redirect(exchange, 307, other.url("/")));
      server.at("/form", exchange -> redirect(exchange, 303, other.url("/")));
      Http http = Http.post(server.url("/{}")).jsonBody("{\"key\": {file:" + file + "}}");

      assertThatThrownBy(() -> http.run("away"))
          .isInstanceOf(HttpFailed.class)
          .hasMessageEndingWith("it leads to another host, and a secret is in the body");
      http.run("form");

      assertThat(other.asked()).hasSize(1);
      assertThat(other.asked().getFirst().method()).isEqualTo("GET");
    }
  }

  @Test
  void aSecretThatAGoodAnswerSaysIsHiddenInMessagesAboutIt(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "hush hush/\"1\"\n");
    String said = "hush hush/\"1\"";
    try (TestServer server =
        TestServer.start()
            .at(
                "/json",
                exchange -> TestServer.json(exchange, 200, "{\"you\": \"hush hush/\\\"1\\\"\"}"))
            .at("/cut", exchange -> TestServer.json(exchange, 200, " ".repeat(4_090) + said))
            .at("/text", exchange -> TestServer.json(exchange, 200, said))) {

      for (String path : List.of("/json", "/cut", "/text")) {
        Http http = Http.get(server.url(path)).header("X-Token", "{file:" + file + "}");
        Answer answer = http.run("item");
        HttpFailed failed = catchThrowableOfType(HttpFailed.class, () -> answer.select("/none"));

        assertThat(failed.getMessage()).doesNotContain("hush").contains(server.url(path));
        assertThat(failed.getCause()).isNull();
      }
    }
  }

  @Test
  void aCauseThatSaysASecretIsLeftOut(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "geheim-4711\n");
    Http http = Http.get("http://{}/").query("key", "{file:" + file + "}");

    assertThatThrownBy(() -> http.run("a..b"))
        .isInstanceOf(HttpFailed.class)
        .hasMessageContaining("no host in the URL http://a..b/?key=***")
        .hasNoCause();
    assertThatThrownBy(() -> http.run("no host"))
        .isInstanceOf(HttpFailed.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsMadeOfAnswersTellsCallsApart() {
    Http http = Http.get(server.url("/{}"));

    assertThat(Identified.of(http.map(Answer::status)))
        .startsWith(http.identity())
        .isNotEqualTo(Identified.of(http.map(answer -> answer.status() + 1)));
    assertThat(Identified.of(http.select("/a"))).isEqualTo(http.identity() + ", select /a");
  }

  @Test
  void aSecretThatIsNotThereIsToldAtOnce() {
    assertThatThrownBy(() -> Secret.env("FANWISE_NO_SUCH_TOKEN"))
        .hasMessage(
            "the environment variable FANWISE_NO_SUCH_TOKEN, which holds a secret, is not set");
    assertThatThrownBy(() -> Http.get("https://x/?key={env:FANWISE_NO_SUCH_TOKEN}"))
        .hasMessageContaining("FANWISE_NO_SUCH_TOKEN");
  }

  @Test
  void cookiesAreSentBackOnlyIfSaid() throws Exception {
    server.at(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Set-Cookie", "sid=abc; Path=/");
          TestServer.json(exchange, 200, "{}");
        });

    Http.get(server.url("/a")).run(1);
    Http.get(server.url("/b")).run(1);
    Http.get(server.url("/c")).keepCookies().run(1);
    Http.get(server.url("/d")).keepCookies().run(1);

    assertThat(server.asked())
        .extracting(asked -> asked.headers().getFirst("Cookie"))
        .containsExactly(null, null, null, "sid=abc");
  }

  @Test
  void aProxyIsAskedForTheWholeUrl() throws Exception {
    server.at("/", exchange -> TestServer.json(exchange, 200, "{}"));

    Http.get("http://api.example.invalid/items/{}")
        .proxy(java.net.URI.create(server.url("")))
        .run(7);

    assertThat(server.asked().getFirst().target()).isEqualTo("http://api.example.invalid/items/7");
  }

  @Test
  void itemsWithAMissingFieldFailAlone() {
    assertThatThrownBy(() -> Http.get(server.url("/{uid}")).run(Map.of("id", 7)))
        .isInstanceOfSatisfying(HttpFailed.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageEndingWith("no field {uid} in this item: it has id");
  }
}
