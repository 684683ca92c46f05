package io.fanwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What can be asked of, and done with, a run whose state is kept.
class KeptCommandsTest {
  @TempDir Path folder;

  // status

  @Test
  void statusSaysHowARunStands() throws IOException {
    Path out = folder.resolve("out.txt");
    Path inputs = write("inputs.txt", "1\nx\n3\n");
    Typed.fan("map", "Integer.parseInt(line)", "" + inputs, "-o", "" + out);

    Typed typed = Typed.fan("status", "" + out);

    assertThat(typed.lines().getFirst())
        .isEqualTo(out + ": 2 of 3 done, 1 failed; 4 B in 2 records");
    assertThat(typed.lines().get(1)).matches("begun \\S+Z; finished \\S+Z");
    assertThat(typed.lines().getLast())
        .isEqualTo(
            "what failed: %s.fan/failures.jsonl; once more by: fan retry %s".formatted(out, out));
    assertThat(typed.code()).isZero();
  }

  @Test
  void statusSaysHowToGoOn() throws IOException {
    Path out = folder.resolve("out.txt");
    Path inputs = write("inputs.txt", "1\nx\n" + numbers(100));
    Typed.fan(
        "map",
        "Integer.parseInt(line)",
        "" + inputs,
        "-o",
        "" + out,
        "-j",
        "1",
        "--batch",
        "1",
        "--halt",
        "now,fail=1");

    Typed typed = Typed.fan("status", "" + out);
    JsonNode json = JsonMapper.shared().readTree(Typed.fan("status", "--json", "" + out).out());

    assertThat(typed.out())
        .contains(
            "go on by: fan map 'Integer.parseInt(line)' %s -o %s -j 1".formatted(inputs, out));
    assertThat(json.get("complete").asBoolean()).isFalse();
    assertThat(json.get("failed").asLong()).isOne();
    assertThat(json.get("holder").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "retry", "verify"})
  void whatIsOfNoRunIsSaidToBe(String command) throws IOException {
    Path file = write("file.txt", "a\n");

    Typed typed = Typed.fan(command, "" + file);

    assertThat(typed.said())
        .containsExactly(
            "fan: %s is of no run: there is no state in %s.fan; name the folder that --state gave"
                .formatted(file, file));
    assertThat(typed.code()).isEqualTo(ExitCodes.NOT_RUN);
  }

  // retry

  @Test
  void retryRunsWhatFailedAndNothingElse() throws IOException {
    Path inputs = write("inputs.txt", "a\nb\nc\n");
    Path block = write("b", "");
    Path out = folder.resolve("out.jsonl");
    String task =
        "if (Files.exists(Path.of(\"%s\", line))) throw new IOException(\"blocked\"); return line + System.nanoTime();"
            .formatted(folder);
    Typed first = Typed.fan("map", task, "" + inputs, "-o", "" + out, "--with", "index");
    String before = Files.readString(out);

    Typed blocked = Typed.fan("retry", "" + out);
    Files.delete(block);
    Typed retried = Typed.fan("retry", "" + out);
    Typed verified = Typed.fan("verify", "" + out);

    assertThat(first.said().getLast())
        .isEqualTo("fan: run what failed once more by: fan retry " + out);
    assertThat(blocked.code()).isEqualTo(ExitCodes.SOME_FAILED);
    assertThat(blocked.said())
        .anyMatch(line -> line.contains(":2 (b) failed: IOException: blocked"));
    assertThat(retried.code()).isZero();
    assertThat(retried.said().getLast()).startsWith("fan: 3 done, 2 of them before in ");
    assertThat(Files.readString(out)).startsWith(before).hasLineCount(3);
    assertThat(verified.code()).as(verified.out()).isZero();
  }

  @Test
  void whatFailedIsKeptAsItWasWhenAskedFor() throws IOException {
    Path inputs = write("inputs.csv", "name,n\n\"a, b\",1\nc,x\nd,y\n");
    Path failed = folder.resolve("failed.csv");
    Path out = folder.resolve("out.txt");

    Typed.fan(
        "map",
        "Integer.parseInt(col(\"n\"))",
        "" + inputs,
        "-o",
        "" + out,
        "--failures",
        "" + failed);
    Typed again = Typed.fan("map", "col(\"name\")", "" + failed);

    assertThat(failed).hasContent("name,n\nc,x\nd,y\n");
    assertThat(again.out()).isEqualTo("c\nd\n");
    assertThat(folder.resolve("failed.csv.errors.jsonl"))
        .content()
        .startsWith("{\"index\":1,\"place\":\"" + inputs + ":3\",\"input\":\"c,x\",\"error\":\"");
  }

  // verify

  @ParameterizedTest
  @ValueSource(strings = {"out.jsonl", "out.csv", "out.tsv.gz", "out.jsonl.zst", "out.txt"})
  void verifyFindsASoundRunSound(String name) throws IOException {
    Path out = folder.resolve(name);
    Path inputs = write("inputs.txt", numbers(100) + "x\n");
    Typed.fan("map", "Integer.parseInt(line)", "" + inputs, "-o", "" + out, "--with", "index");

    Typed typed = Typed.fan("verify", "" + out);

    assertThat(typed.lines().getLast())
        .isEqualTo(out + " is sound: 100 done, 1 failed, 100 records");
    assertThat(typed.code()).isZero();
  }

  @Test
  void verifyFindsARecordThatIsThereTwice() throws IOException {
    Path out = folder.resolve("out.jsonl");
    Path inputs = write("inputs.txt", numbers(10));
    Typed.fan("map", "line", "" + inputs, "-o", "" + out, "--with", "index");
    String text = Files.readString(out);
    Files.writeString(
        out, text.replace("{\"index\":4,\"result\":\"4\"}", "{\"index\":3,\"result\":\"4\"}"));

    Typed typed = Typed.fan("verify", "" + out);

    assertThat(typed.lines())
        .containsExactly(
            "wrong: 1 records are of inputs that have one already",
            "wrong: 1 inputs are done, and in no record");
    assertThat(typed.code()).isEqualTo(ExitCodes.SOME_FAILED);
  }

  @Test
  void verifyFindsAFileThatWasCutOrAddedTo() throws IOException {
    Path out = folder.resolve("out.txt");
    Path inputs = write("inputs.txt", numbers(10));
    Typed.fan("map", "line", "" + inputs, "-o", "" + out);
    Files.writeString(out, "more\n", StandardOpenOption.APPEND);
    Typed added = Typed.fan("verify", "" + out);
    Files.writeString(out, "0\n1\n");
    Typed cut = Typed.fan("verify", "" + out);

    assertThat(added.lines())
        .containsExactly("wrong: " + out + " has 25 bytes, but only 20 were written");
    assertThat(cut.lines()).containsExactly("wrong: " + out + " has 4 bytes, but 20 were written");
  }

  @Test
  void verifyFindsADamagedJournal() throws IOException {
    Path out = folder.resolve("out.txt");
    Path inputs = write("inputs.txt", "1\nx\n" + numbers(100));
    String[] command = {
      "map",
      "Integer.parseInt(line)",
      "" + inputs,
      "-o",
      "" + out,
      "-j",
      "1",
      "--batch",
      "1",
      "--halt",
      "now,fail=1"
    };
    Typed.fan(command);
    Typed.fan(command);
    Path journal = folder.resolve("out.txt.fan/journal");
    byte[] bytes = Files.readAllBytes(journal);
    bytes[20] ^= 1;
    Files.write(journal, bytes);

    Typed typed = Typed.fan("verify", "" + out);
    Typed status = Typed.fan("status", "" + out);
    Typed again = Typed.fan(command);

    String damage =
        "%s is damaged at byte 0, with more behind it: put it back from a copy; or cut it there (truncate -s 0 %s), and what is behind is run again; or start over by --fresh"
            .formatted(journal, journal);
    assertThat(typed.lines()).containsExactly("wrong: " + damage);
    assertThat(typed.code()).isEqualTo(ExitCodes.SOME_FAILED);
    assertThat(status.lines().getLast()).isEqualTo("cannot go on: " + damage);
    assertThat(status.out()).doesNotContain("go on by");
    assertThat(again.code()).isEqualTo(ExitCodes.NOT_RUN);
  }

  @Test
  void verifyMissesAJournalThatIsGone() throws IOException {
    Path out = folder.resolve("out.txt");
    Typed.fan("map", "line", "" + write("inputs.txt", "a\n"), "-o", "" + out);
    Path journal = folder.resolve("out.txt.fan/journal");
    Files.delete(journal);

    Typed typed = Typed.fan("verify", "" + out);

    assertThat(typed.lines())
        .containsExactly(
            "wrong: %s is not there: put it back from a copy, or start over by --fresh"
                .formatted(journal));
    assertThat(typed.code()).isEqualTo(ExitCodes.SOME_FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"x", "{\"format\":1}"})
  void aStateThatNobodyCanReadIsSaidToBeDamaged(String content) throws IOException {
    Path out = folder.resolve("out.txt");
    Path inputs = write("inputs.txt", "a\n");
    Typed.fan("map", "line", "" + inputs, "-o", "" + out);
    Path run = write("out.txt.fan/run.json", content);
    String[][] commands = {
      {"status", "" + out},
      {"verify", "" + out},
      {"retry", "" + out},
      {"map", "line", "" + inputs, "-o", "" + out}
    };

    for (String[] command : commands) {
      Typed typed = Typed.fan(command);

      assertThat(typed.said())
          .containsExactly(
              "fan: %s is damaged, so nobody knows what is run: put it back from a copy, or start over"
                  .formatted(run));
      assertThat(typed.code()).isEqualTo(ExitCodes.NOT_RUN);
    }
  }

  @Test
  void progressThatNobodyCanReadIsNone() throws IOException {
    Path out = folder.resolve("out.txt");
    Typed.fan("map", "line", "" + write("inputs.txt", "a\n"), "-o", "" + out);
    write("out.txt.fan/progress.json", "{\"done\":");

    Typed typed = Typed.fan("status", "" + out);

    assertThat(typed.lines().getFirst()).startsWith(out + ": 1 of 1 done");
    assertThat(typed.code()).isZero();
  }

  // shards

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl", "csv.gz", "txt"})
  void shardsMakeTheWhole(String type) throws IOException {
    Path inputs = write("inputs.txt", numbers(100));
    Path whole = folder.resolve("whole." + type);
    for (int i = 1; i <= 3; i++) {
      shard(inputs, i + "/3", type);
    }

    Typed merged =
        Typed.fan(
            "merge",
            output("3/3", type),
            output("1/3", type),
            output("2/3", type),
            "-o",
            "" + whole);
    Typed read = Typed.fan("map", "line", "" + whole, "--format", "lines");

    assertThat(merged.said())
        .containsExactly("fan: 100 records of 3 shards in " + whole + ", shard after shard");
    assertThat(merged.code()).isZero();
    assertThat(read.lines().stream().filter(line -> line.matches(".*\\d.*")))
        .hasSize(100)
        .doesNotHaveDuplicates();
    assertThat(read.lines()).hasSize(type.startsWith("csv") ? 101 : 100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl.zst", "tsv.gz"})
  void shardsWithIndexesAreMergedInTheOrderOfInputs(String type) throws IOException {
    Path inputs = write("inputs.txt", numbers(1_000));
    Path whole = folder.resolve("whole." + type);
    shard(inputs, "1/3", type, "--with", "index", "--unordered");
    shard(inputs, "2/3", type, "--with", "index");
    shard(inputs, "3/3", type, "--with", "index", "--unordered", "-j", "4", "--batch", "1");
    String[] files = {output("3/3", type), output("1/3", type), output("2/3", type)};

    Typed merged = Typed.fan("merge", files[0], files[1], files[2], "-o", "" + whole);
    String number =
        type.startsWith("jsonl") ? "json.get(\"result\").get(\"n\").asString()" : "col(\"n\")";
    Typed read = Typed.fan("map", "col(\"index\") + \" \" + " + number, "" + whole);

    assertThat(merged.said())
        .containsExactly("fan: 1,000 records of 3 shards in " + whole + ", in the order of inputs");
    assertThat(read.lines())
        .containsExactlyElementsOf(IntStream.range(0, 1_000).mapToObj(i -> i + " " + i).toList());
    assertThat(folder.resolve("whole." + type + ".sorted")).doesNotExist();
  }

  @Test
  void shardsThatAreMissingOrThereTwiceAreRefused() throws IOException {
    Path inputs = write("inputs.txt", numbers(100));
    shard(inputs, "1/3", "txt");
    shard(inputs, "2/3", "txt");
    String whole = "" + folder.resolve("whole.txt");

    Typed missing = Typed.fan("merge", output("1/3", "txt"), output("2/3", "txt"), "-o", whole);
    Typed twice = Typed.fan("merge", output("1/3", "txt"), output("1/3", "txt"), "-o", whole);

    assertThat(missing.said()).containsExactly("fan: not all shards are there; missing: 3 of 3");
    assertThat(twice.err()).contains("are the same shard, 1 of 3: leave one of them out");
    assertThat(Path.of(whole)).doesNotExist();
  }

  @Test
  void aRangeIsAPartOfTheInputs() throws IOException {
    Path out = folder.resolve("out.txt");

    Typed.fan(
        "map", "line", "" + write("inputs.txt", numbers(100)), "-o", "" + out, "--range", "5-7");

    assertThat(out).hasContent("5\n6\n7\n");
  }

  @Test
  void whatIsAboutAStateNeedsAFile() {
    Typed typed = Typed.on("a\n").fan("map", "line", "--fresh");

    assertThat(typed.said().getFirst())
        .isEqualTo("fan: --fresh is about runs that write to a file: add -o FILE, or leave it out");
    assertThat(typed.code()).isEqualTo(ExitCodes.NOT_RUN);
  }

  // some inputs only

  @Test
  void whatIsLeftOutIsDoneAndHasNoRecord() throws IOException {
    Path inputs = write("inputs.csv", "n,price\na,1\nb,\nc,3\n");
    Path out = folder.resolve("out.jsonl");
    String[] command = {
      "map",
      "col(\"n\")",
      "" + inputs,
      "-o",
      "" + out,
      "--with",
      "index",
      "--where",
      "!col(\"price\").isEmpty()"
    };

    Typed typed = Typed.fan(command);
    Typed verified = Typed.fan("verify", "" + out);
    Typed programs =
        Typed.fan("exec", "echo {n}", "" + inputs, "--where", "col(\"price\").equals(\"3\")");

    assertThat(typed.err()).startsWith("fan: 3 done in ");
    assertThat(out).hasContent("{\"index\":0,\"result\":\"a\"}\n{\"index\":2,\"result\":\"c\"}\n");
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(programs.out()).isEqualTo("c\n");
  }

  @Test
  void aConditionIsTrueOrFalse() {
    Typed typed = Typed.on("a\n").fan("map", "line", "--where", "line.length()");

    assertThat(typed.said().getFirst())
        .contains("--where line.length() gives neither true nor false, but 1");
    assertThat(typed.code()).isEqualTo(ExitCodes.SOME_FAILED);
  }

  @Test
  void aSampleIsTakenFromAllAndKeepsNothing() throws IOException {
    Path inputs = write("inputs.txt", numbers(1_000));
    Path out = folder.resolve("out.txt");

    Typed typed = Typed.fan("map", "line", "" + inputs, "-o", "" + out, "--sample", "10");

    assertThat(typed.lines()).hasSize(10).anyMatch(line -> line.length() == 3);
    assertThat(typed.said().getLast())
        .matches("fan: 10 of 1,000 inputs; all of them would take .* at this rate, and .* k?B");
    assertThat(out).doesNotExist();
    assertThat(folder.resolve("out.txt.fan")).doesNotExist();
  }

  // report

  @Test
  void aReportSaysHowItWent() throws IOException {
    Path report = folder.resolve("report.json");
    Path inputs = write("inputs.txt", "1\nx\n3\n");

    Typed.fan(
        "map",
        "Integer.parseInt(line)",
        "" + inputs,
        "-o",
        "" + folder.resolve("out.txt"),
        "--report",
        "" + report);
    JsonNode json = JsonMapper.shared().readTree(Files.readString(report));

    assertThat(json.get("done").asLong()).isEqualTo(2);
    assertThat(json.get("failed").asLong()).isEqualTo(1);
    assertThat(json.get("total").asLong()).isEqualTo(3);
    assertThat(json.get("bytes").asLong()).isEqualTo(4);
    assertThat(json.get("p99_ms").asDouble()).isPositive();
    assertThat(json.get("complete").asBoolean()).isTrue();
    assertThat(json.get("exit").asInt()).isEqualTo(1);
  }

  private void shard(Path inputs, String shard, String type, String... options) {
    String[] words = {
      "map", "Map.of(\"n\", line)", "" + inputs, "--shard", shard, "-o", output(shard, type)
    };
    Typed typed = Typed.fan(Stream.of(words, options).flatMap(Stream::of).toArray(String[]::new));
    assertThat(typed.code()).as(typed.err()).isZero();
  }

  private String output(String shard, String type) {
    return "" + folder.resolve("part-" + shard.charAt(0) + "." + type);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }
}
