package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.cli.Service.Answered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `fan http` does with a web service.
class HttpCommandTest {
  /// A variable that is set wherever there are tests, to stand for one that holds a secret.
  private static final String VARIABLE = "PATH";

  private static final String SECRET = System.getenv(VARIABLE);

  @TempDir Path folder;

  // what is refused before anything is asked

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          GET ftp://example.org/{id}    | a URL begins with http:// or https://, was ftp://example.org/x
          GET http://example.org/{id    | a brace without its other half at character 20 of http://example.org/{id: write {{ or }} for the brace itself
          GET http://ada:x@example.org/ | a URL must not have a user or a password in it: give them by basic(user, Secret)
          GET http://e.org/{env:NO_VAR} | the environment variable NO_VAR, which holds a secret, is not set
          """)
  void aRequestThatMakesNoSenseIsRefused(String request, String why) throws IOException {
    Path inputs = write("items.csv", "id\n1\n");

    Typed typed = Typed.fan("http", request, "" + inputs);

    assertThat(typed.said()).containsExactly("fan: " + why, "try 'fan http --help'");
    assertThat(typed.code()).isEqualTo(ExitCodes.NOT_RUN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          -H           | X-Id                | 'X-Id' is no header; write -H 'Name: value'
          -H           | Authorization: hush | the header Authorization holds a secret, which everybody would see in the list of processes and in the state of the run: name the variable or file that has it, -H 'Authorization: {env:NAME}' or {file:PATH}
          --query      | page                | 'page' is no part of a query; write --query 'page={page}'
          --data       | {"id": {id}}        | a brace without its other half at character 1 of {"id": {id}}: write {{ or }} for the brace itself; or send JSON by --json
          --json       | {"id": {id}         | the body is not JSON, also when fields are put in
          --json       | @nowhere.json       | cannot read the body in nowhere.json: nowhere.json
          --bearer-env | NO_VAR              | the environment variable NO_VAR, which holds a secret, is not set
          --select     | id                  | 'id' is no JSON pointer; write --select /data/id, or --select NAME=/data/id
          --select     | /a/id,/b/id         | two parts of an answer have the same name: write --select NAME=/b/id
          --save       | page.html           | all bodies would be saved to the same file, page.html: put a field into its name, such as {index}, or write page.html/ for a folder
          --ok         | 99                  | a status is from 200 to 599, was 99
          --cert       | me.pem              | --cert and --key belong together: give both
          --timeouts   | connect=0s          | the timeout connect must be positive and at most a year, was PT0S
          --on         | processes           | calls are made on virtual threads, threads or sequential, not on processes
          """)
  void anOptionThatMakesNoSenseIsRefused(String option, String value, String why)
      throws IOException {
    Path inputs = write("items.csv", "id\n1\n");

    Typed typed = Typed.fan("http", "http://127.0.0.1:9/{id}", "" + inputs, option, value);

    assertThat(typed.said().getFirst()).startsWith("fan: " + why);
    assertThat(typed.err()).doesNotContain("hush}", "\tat ");
    assertThat(typed.code()).isEqualTo(ExitCodes.NOT_RUN);
  }

  @Test
  void aColumnThatInputsDoNotHaveIsRefused() throws IOException {
    Path inputs = write("items.csv", "id,name\n1,a\n");

    Typed typed = Typed.fan("http", "http://127.0.0.1:9/{ix}", "" + inputs);

    assertThat(typed.said().getFirst())
        .isEqualTo("fan: no field {ix} in this item: it has id, name");
    assertThat(typed.code()).isEqualTo(ExitCodes.NOT_RUN);
  }

  // what fails

  @Test
  void aStatusThatIsNoAnswerFailsItsInputAndNoOther() throws IOException {
    try (Service service =
        Service.that(asked ->
            asked.last().equals("2")
                ? Answered.status(404, "no such item")
                : Answered.json("{\"id\": " + asked.last() + "}"))) {
      Path inputs = write("items.csv", "id\n1\n2\n3\n");
      Path out = folder.resolve("answers.jsonl");

      Typed typed = Typed.fan("http", service.url("/items/{id}"), "" + inputs, "-o", "" + out);

      assertThat(out).hasContent("{\"id\": 1}\n{\"id\": 3}\n");
      assertThat(typed.said().getFirst())
          .isEqualTo(
              "fan: %s:3 (2) failed: GET %s failed: status 404: no such item"
                  .formatted(inputs, service.url("/items/2")));
      assertThat(typed.code()).isEqualTo(ExitCodes.SOME_FAILED);
    }
  }

  @Test
  void aWrongKeyStopsTheRunAndCostsNoInput() throws IOException {
    AtomicInteger letIn = new AtomicInteger(100);
    try (Service service =
        Service.that(asked ->
            letIn.getAndDecrement() > 0
                ? Answered.json(asked.last())
                : Answered.status(401, "who are you?"))) {
      Path inputs = write("items.txt", numbers(5_000));
      Path out = folder.resolve("answers.jsonl");
      String[] command = {"http", service.url("/{}"), "" + inputs, "-o", "" + out, "-j", "10"};

      Typed stopped = Typed.fan(command);
      int asked = service.asked().size();
      letIn.set(1_000_000);
      Typed again = Typed.fan(command);

      assertThat(stopped.code()).isEqualTo(ExitCodes.NOT_RUN);
      assertThat(stopped.said().getFirst())
          .matches(
              "fan: GET \\S+ failed: status 401: who are you\\?\\. Others would fail in the same"
                  + " way, so the run stops; if not, add --keep-going");
      assertThat(stopped.said().getLast())
          .isEqualTo(
              "fan: what is done is safe in " + out + "; the same command goes on from there");
      assertThat(stopped.err()).doesNotContain(", 1 failed");
      assertThat(asked).isLessThan(200);
      assertThat(again.code()).isZero();
      assertThat(out).hasContent(numbers(5_000));
    }
  }

  @Test
  void aWrongKeyStopsARunThatHasNoFileToo() throws IOException {
    try (Service service = Service.that(_ -> Answered.status(403, ""))) {

      Typed typed = Typed.on(numbers(1_000)).fan("http", service.url("/{}"), "--retries", "3");

      assertThat(typed.code()).isEqualTo(ExitCodes.NOT_RUN);
      assertThat(typed.err()).contains("status 403. Others would fail in the same way");
      assertThat(service.asked().size()).isLessThan(200);
    }
  }

  @Test
  void whatIsForbiddenIsAFailureOfItsInputWhereHostsAreFromInputsOrThatIsAskedFor()
      throws IOException {
    try (Service service =
        Service.that(
            asked -> asked.last().equals("1") ? Answered.status(403, "") : Answered.json("2"))) {

      Typed urls = Typed.on(service.url("/1") + "\n" + service.url("/2") + "\n").fan("http", "{}");
      Typed asked = Typed.on("1\n2\n").fan("http", service.url("/{}"), "--keep-going");

      assertThat(urls.out()).isEqualTo("2\n");
      assertThat(urls.code()).isEqualTo(ExitCodes.SOME_FAILED);
      assertThat(asked.out()).isEqualTo("2\n");
    }
  }

  @Test
  void whatMayPassIsTriedAgainAndWhatIsFinalIsNot() throws IOException {
    var calls = new ConcurrentHashMap<String, AtomicInteger>();
    try (Service service =
        Service.that(asked -> {
          int call =
              calls.computeIfAbsent(asked.last(), _ -> new AtomicInteger()).incrementAndGet();
          return switch (asked.last()) {
            case "1" -> call < 3 ? Answered.status(502, "") : Answered.json("1");
            case "2" ->
                call < 2 ? Answered.status(429, "", "Retry-After", "0") : Answered.json("2");
            default -> Answered.status(400, "");
          };
        })) {

      Typed typed =
          Typed.on("1\n2\n3\n")
              .fan("http", service.url("/{}"), "--retries", "5", "--backoff", "1ms");

      assertThat(typed.lines()).containsExactly("1", "2");
      assertThat(calls.get("1").get()).isEqualTo(3);
      assertThat(calls.get("3").get()).isOne();
      assertThat(typed.said().getLast())
          .startsWith("fan: 2 done, 1 failed, 2 retried, 1 pushed back in ");
    }
  }

  @Test
  void aRunWithABreakerPausesWhileTheServiceIsDown() throws IOException {
    List<Long> times = new CopyOnWriteArrayList<>();
    try (Service service =
        Service.that(_ -> {
          times.add(System.nanoTime());
          return times.size() <= 20 ? Answered.status(503, "") : Answered.json("1");
        })) {

      Typed typed = Typed.on(numbers(60)).fan("http", service.url("/{}"), "-j1", "--breaker");

      assertThat(typed.lines()).hasSize(40);
      assertThat(typed.said().getLast()).startsWith("fan: 40 done, 20 failed in ");
      long pause = times.get(20) - times.get(19);
      assertThat(Duration.ofNanos(pause)).isGreaterThan(Duration.ofMillis(900));
    }
  }

  @Test
  void aServiceThatIsNotThereIsSaidToBeSo() {
    Typed typed =
        Typed.on("1\n").fan("http", "http://127.0.0.1:1/{}", "--timeout", "5s", "--proxy", "none");

    assertThat(typed.said().getFirst())
        .startsWith("fan: standard input:1 (1) failed: GET http://127.0.0.1:1/1 failed: ");
    assertThat(typed.code()).isEqualTo(ExitCodes.SOME_FAILED);
  }

  @Test
  void anAnswerThatComesTooLateIsAFailure() throws IOException {
    try (Service service =
        Service.that(asked -> {
          if (asked.last().equals("slow")) {
            Thread.sleep(2_000);
          }
          return Answered.json("1");
        })) {

      Typed typed = Typed.on("slow\nquick\n").fan("http", service.url("/{}"), "--timeout", "300ms");

      assertThat(typed.out()).isEqualTo("1\n");
      assertThat(typed.said().getFirst()).contains("(slow) failed: GET ").contains("0.3s");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-o"})
  void eachHostHasARateOfItsOwn(String toFile) throws IOException {
    try (Service first = Service.that(_ -> Answered.json("1"));
        Service second = Service.that(_ -> Answered.json("2"))) {
      Path urls = write("urls.txt", first.url("/a") + "\n" + second.url("/b") + "\n");
      List<String> command =
          new ArrayList<>(List.of("http", "{}", "" + urls, "--rate-per-host", "1/1d"));
      if (!toFile.isEmpty()) {
        command.addAll(List.of(toFile, "" + folder.resolve("out.jsonl")));
      }

      Typed typed = Typed.fan(command.toArray(String[]::new));

      assertThat(typed.code()).as(typed.err()).isZero();
      assertThat(first.asked()).hasSize(1);
      assertThat(second.asked()).hasSize(1);
    }
  }

  // secrets

  @Test
  void aSecretIsSentAndShownNowhere() throws IOException {
    try (Service service =
        Service.that(asked ->
            asked.last().equals("1")
                ? Answered.status(400, "bad token: " + SECRET)
                : Answered.json("true"))) {
      Path inputs = write("items.csv", "id\n1\n2\n");
      Path out = folder.resolve("answers.jsonl");
      Path report = folder.resolve("report.json");

      Typed typed =
          Typed.fan(
              "http",
              service.url("/{id}"),
              "" + inputs,
              "--bearer-env",
              VARIABLE,
              "-H",
              "X-Key: {env:%s}".formatted(VARIABLE),
              "-o",
              "" + out,
              "--report",
              "" + report);

      assertThat(service.asked().getFirst().header("Authorization")).isEqualTo("Bearer " + SECRET);
      assertThat(service.asked().getFirst().header("X-Key")).isEqualTo(SECRET);
      assertThat(typed.said().getFirst()).endsWith("failed: status 400: bad token: ***");
      assertThat(everything()).doesNotContain(SECRET).contains("env:" + VARIABLE);
      assertThat(typed.err()).doesNotContain(SECRET);
    }
  }

  // requests

  @Test
  void aDryRunShowsTheFirstRequestsAndAsksNothing() throws IOException {
    try (Service service = Service.that(_ -> Answered.json("1"))) {
      Path inputs = write("items.csv", "id,name\n1,a b\n2,\"say \"\"c\"\"\"\n3,d\n4,e\n");

      Typed typed =
          Typed.fan(
              "http",
              "POST " + service.url("/items/{name}"),
              "" + inputs,
              "--query",
              "key={env:%s}".formatted(VARIABLE),
              "--json",
              "{\"id\": {id}, \"text\": \"Say {name}\"}",
              "--bearer-env",
              VARIABLE,
              "--dry-run");

      assertThat(typed.out())
          .startsWith(
              """
              POST %s?key=***
              Authorization: Bearer ***
              Content-Type: application/json

              {"id": "1", "text": "Say a b"}

              POST %s?key=***
              """
                  .formatted(service.url("/items/a%20b"), service.url("/items/say%20%22c%22")))
          .doesNotContain("items/e", SECRET);
      assertThat(typed.said())
          .containsExactly(
              "fan: requests would be sent as many at a time as pay, at most 10000, on virtual");
      assertThat(service.asked()).isEmpty();
    }
  }

  @Test
  void methodHeadersQueryAndBodyAreMadeOfTheInput() throws IOException {
    try (Service service = Service.that(_ -> Answered.json("1"))) {
      Path inputs = write("items.jsonl", "{\"id\": 7, \"user\": {\"name\": \"Ada\"}}\n");
      Path body = write("body.txt", "Dear {/user/name}");

      Typed.fan(
          "http",
          "put " + service.url("/items/{id}"),
          "" + inputs,
          "-H",
          "X-User: {/user/name}",
          "--query",
          "n={index}",
          "-d",
          "@" + body);

      Service.Asked asked = service.asked().getFirst();
      assertThat(asked.method()).isEqualTo("PUT");
      assertThat(asked.target()).isEqualTo("/items/7?n=0");
      assertThat(asked.header("X-User")).isEqualTo("Ada");
      assertThat(asked.body()).isEqualTo("Dear Ada");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-o"})
  void anIdempotencyKeyIsTheSameForEachAttemptAndLetsPostsBeTriedAgain(String toFile)
      throws IOException {
    var calls = new ConcurrentHashMap<String, AtomicInteger>();
    try (Service service =
        Service.that(asked -> {
          String key = asked.header("Idempotency-Key");
          int call = calls.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
          return call < 3 ? Answered.status(500, "") : Answered.json("1");
        })) {
      Path inputs = write("items.txt", numbers(5));
      List<String> command =
          new ArrayList<>(
              List.of("http", "POST " + service.url("/"), "" + inputs, "--idempotency-key"));
      command.addAll(List.of("--retries", "2", "--backoff", "1ms", "-d", "{}"));
      if (!toFile.isEmpty()) {
        command.addAll(List.of(toFile, "" + folder.resolve("out.jsonl"), "--halt", "now,fail=9"));
      }

      Typed typed = Typed.fan(command.toArray(String[]::new));

      assertThat(typed.code()).as(typed.err()).isZero();
      assertThat(calls.keySet()).hasSize(5).allMatch(key -> key.matches("\\S{8,}-[0-4]"));
      assertThat(calls.values()).allMatch(count -> count.get() == 3);
    }
  }

  // results

  @Test
  void partsOfAnswersAreColumns() throws IOException {
    try (Service service =
        Service.that(asked ->
            Answered.json("{\"data\": {\"id\": %s, \"name\": \"n,1\"}}".formatted(asked.last())))) {
      Path out = folder.resolve("answers.csv");

      Typed typed =
          Typed.on("1\n2\n")
              .fan(
                  "http",
                  service.url("/{}"),
                  "--select",
                  "/data/id,called=/data/name",
                  "-o",
                  "" + out);

      assertThat(out).hasContent("id,called\n1,\"n,1\"\n2,\"n,1\"\n");
      assertThat(typed.code()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.50",
        "9007199254740993",
        "123456789012345678901234567890",
        "0.1234567890123456789",
        "\"text\"",
        "{\"price\":1.10,\"id\":9007199254740993}"
      })
  void numbersKeepTheirDigits(String json) throws IOException {
    try (Service service = Service.that(_ -> Answered.json("{\"a\": {\"b\": " + json + "}}"))) {
      Path inputs = write("items.jsonl", "{\"b\": " + json + "}\n");
      Path out = folder.resolve("answers.jsonl");

      Typed part =
          Typed.fan(
              "http",
              "POST " + service.url("/"),
              "" + inputs,
              "--json",
              "{\"it\": {b}}",
              "--select",
              "/a/b",
              "-o",
              "" + out);
      Typed whole = Typed.fan("http", service.url("/"), "" + inputs, "--output-format", "lines");

      assertThat(out).content().isEqualTo(json + "\n");
      assertThat(service.asked().getFirst().body()).isEqualTo("{\"it\": " + json + "}");
      assertThat(whole.out()).isEqualTo("{\"a\":{\"b\":" + json + "}}\n");
      assertThat(part.code()).isZero();
    }
  }

  @Test
  void theWholeAnswerIsColumnsOfATable() throws IOException {
    try (Service service =
        Service.that(asked -> Answered.json("{\"id\": %s, \"p\": 1.50}".formatted(asked.last())))) {
      Path out = folder.resolve("answers.csv");

      Typed.on("1\n2\n").fan("http", service.url("/{}"), "--echo", "-o", "" + out);

      assertThat(out).hasContent("input,id,p\n1,1,1.50\n2,2,1.50\n");
    }
  }

  @Test
  void aPartThatIsNotThereFailsItsInput() throws IOException {
    try (Service service = Service.that(_ -> Answered.json("{\"a\": 1}"))) {

      Typed typed = Typed.on("1\n").fan("http", service.url("/{}"), "--select", "/b");

      assertThat(typed.said().getFirst())
          .endsWith("failed: nothing at /b in the answer: {\"a\": 1}");
      assertThat(typed.code()).isEqualTo(ExitCodes.SOME_FAILED);
    }
  }

  @Test
  void bodiesAreSavedToFilesOfTheirOwn() throws IOException {
    try (Service service = Service.that(asked -> Answered.status(200, "page " + asked.last()))) {
      Path pages = folder.resolve("pages");

      Typed typed = Typed.on("a\nb\n").fan("http", service.url("/{}"), "--save", pages + "/");

      assertThat(pages.resolve("0")).hasContent("page a");
      assertThat(pages.resolve("1")).hasContent("page b");
      assertThat(typed.lines().getFirst())
          .isEqualTo("{\"file\":\"%s\",\"bytes\":6,\"status\":200}".formatted(pages.resolve("0")));
    }
  }

  // runs that go on

  @Test
  void aRunIsGoneOnWithAndWhatFailedIsRunAgain() throws IOException {
    var well = new ConcurrentHashMap<String, String>();
    try (Service service =
        Service.that(asked ->
            asked.last().equals("2") && well.isEmpty()
                ? Answered.status(404, "")
                : Answered.json(asked.last()))) {
      Path inputs = write("items.csv", "id\n1\n2\n3\n");
      Path out = folder.resolve("answers.jsonl");
      String[] command = {"http", service.url("/{id}"), "" + inputs, "-o", "" + out};

      Typed.fan(command);
      Typed again = Typed.fan(command);
      well.put("2", "");
      Typed retried = Typed.fan("retry", "" + out);
      Typed verified = Typed.fan("verify", "" + out);

      assertThat(again.said().getFirst()).isEqualTo("fan: 2 done, 1 failed, all of them before");
      assertThat(retried.code()).isZero();
      assertThat(out).hasContent("1\n3\n2\n");
      assertThat(service.asked()).hasSize(4);
      assertThat(verified.code()).as(verified.out()).isZero();
    }
  }

  @Test
  void anotherRequestIsAnotherRun() throws IOException {
    try (Service service = Service.that(_ -> Answered.json("1"))) {
      Path inputs = write("items.csv", "id\n1\n");
      Path out = folder.resolve("answers.jsonl");

      Typed.fan("http", service.url("/a/{id}"), "" + inputs, "-o", "" + out);
      Typed other = Typed.fan("http", service.url("/b/{id}"), "" + inputs, "-o", "" + out);

      assertThat(other.said().getFirst()).contains("is another one: the task was http GET ");
      assertThat(other.code()).isEqualTo(ExitCodes.NOT_RUN);
    }
  }

  @Test
  void aReportSaysHowItWent() throws IOException {
    try (Service service = Service.that(_ -> Answered.json("1"))) {
      Path inputs = write("numbers.txt", numbers(50));
      Path report = folder.resolve("report.json");

      Typed.fan(
          "http",
          service.url("/{}"),
          "" + inputs,
          "-o",
          "" + folder.resolve("out.jsonl"),
          "--report",
          "" + report);

      JsonNode told = JsonMapper.shared().readTree(Files.readString(report));
      assertThat(told.get("done").asInt()).isEqualTo(50);
      assertThat(told.get("complete").asBoolean()).isTrue();
      assertThat(told.get("limit").asInt()).isPositive();
      assertThat(told.get("pushed_back").asInt()).isZero();
      assertThat(told.get("bytes").asInt()).isEqualTo(100);
      assertThat(told.get("task").asString()).startsWith("http GET ");
    }
  }

  /// All that is written anywhere, as text.
  private String everything() throws IOException {
    try (var files = Files.walk(folder)) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), UTF_8));
      }
      return all.toString();
    }
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
