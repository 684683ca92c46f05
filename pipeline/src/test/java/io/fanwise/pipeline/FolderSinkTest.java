package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FolderSinkTest {
  @TempDir Path folder;

  @Test
  void everyResultIsAFileOfItsOwn() throws IOException {
    Path answers = folder.resolve("answers");

    Pipeline.read(numbers(3))
        .map(i -> Map.of("id", "n" + i))
        .write(Sink.folder(answers, "{id}-{index}.json"))
        .run(Fan.sequential());

    assertThat(files(answers)).containsExactly("n0-0.json", "n1-1.json", "n2-2.json");
    assertThat(answers.resolve("n2-2.json")).hasContent("{\"id\":\"n2\"}");
  }

  @Test
  void bytesAndTextAreWrittenAsTheyAreAndNamesMayHaveFolders() throws IOException {
    Path answers = folder.resolve("answers");

    Pipeline.read(numbers(2))
        .<Object>map(i -> i == 0 ? new byte[] {0, 1, -1} : "text ü")
        .write(Sink.folder(answers, (index, _) -> "a/b%d/c".formatted(index)))
        .run(Fan.sequential());

    assertThat(answers.resolve("a/b0/c")).hasBinaryContent(new byte[] {0, 1, -1});
    assertThat(answers.resolve("a/b1/c")).hasContent("text ü");
  }

  static List<String> bad() {
    return List.of(
        "../out",
        "a/../../out",
        "/etc/passwd",
        "",
        "a//b",
        "a/",
        ".",
        "nul\0name",
        "line\nend",
        "CON",
        "con.txt",
        "a/lpt1.json",
        "dot.",
        "space ",
        "a:b",
        "a\\..\\b",
        "a|b",
        "?",
        "x".repeat(256),
        "y/".repeat(1_000) + "z",
        ".fan/names",
        "\uD800");
  }

  @ParameterizedTest
  @MethodSource("bad")
  void aNameThatIsNotGoodEverywhereIsTheFailureOfItsInput(String name) throws IOException {
    Path answers = folder.resolve("answers");

    Summary summary =
        Pipeline.read(numbers(3))
            .map(i -> i)
            .write(Sink.<Integer>folder(answers, (index, _) -> index == 1 ? name : "n" + index))
            .run(Fan.sequential());

    assertThat(summary.failed()).isEqualTo(1);
    assertThat(Files.readString(summary.failures())).contains("no file can be named");
    assertThat(files(answers)).containsExactly("n0", "n2");
    assertThat(files(folder)).allMatch(file -> file.startsWith("answers"));
  }

  @Test
  void aFieldOfTheResultMakesNoFolders() throws IOException {
    Summary summary =
        Pipeline.read(numbers(1))
            .map(_ -> Map.of("id", "a/b"))
            .write(Sink.folder(folder.resolve("answers"), "{id}.json"))
            .run(Fan.sequential());

    assertThat(Files.readString(summary.failures()))
        .contains("id is \\\"a/b\\\", and cannot be part of a name because of the /");
  }

  @Test
  void theSecondResultOfTheSameNameFails() throws IOException {
    Path answers = folder.resolve("answers");

    Summary summary =
        Pipeline.read(numbers(10))
            .map(i -> i)
            .write(Sink.<Integer>folder(answers, (_, i) -> "n" + i % 3))
            .run(Fan.sequential());

    assertThat(summary.failed()).isEqualTo(7);
    assertThat(files(answers)).containsExactly("n0", "n1", "n2");
    assertThat(answers.resolve("n1")).hasContent("1");
    assertThat(Files.readString(summary.failures()))
        .contains("n1 is there already: an earlier result has the same name");
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    List<String> names = List.of("a", "a/b", "c/d", "c", "e/f/g", "e/f");

    Summary summary =
        Pipeline.read(Source.of("names", names))
            .map(name -> name)
            .write(Sink.folder(folder.resolve("answers"), (_, name) -> name))
            .run(Fan.sequential());

    assertThat(summary.failed()).isEqualTo(3);
    assertThat(files(folder.resolve("answers"))).containsExactly("a", "c/d", "e/f/g");
  }

  @Test
  void whatWasNamedAfterTheLastCommitIsTakenBackAndWrittenAgain() throws IOException {
    Path answers = folder.resolve("answers");
    Thread caller = Thread.currentThread();
    boolean[] first = {true};
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(300))
            .<Integer>map(i -> {
              if (first[0] && i == 150) {
                caller.interrupt();
              }
              return i;
            })
            .write(Sink.folder(answers, "{index}.txt"));
    assertThatThrownBy(() -> pipeline.run(Fan.threads(2).batch(1)))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
    Path names = answers.resolve(".fan/names");
    Files.writeString(names, Files.readString(names) + "\"299.txt\"\n\"298.t");
    Files.writeString(answers.resolve("299.txt"), "from before");
    Files.writeString(answers.resolve(".fan/298.tmp"), "half");
    first[0] = false;

    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(summary.failed()).isZero();
    assertThat(answers.resolve("299.txt")).hasContent("299");
    assertThat(files(answers))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 300).mapToObj(i -> i + ".txt").toList());
    assertThat(files(answers.resolve(".fan"))).containsExactly("names");
  }

  @Test
  void filesThatAreThereAreNotMixedWithOthersUnasked() throws IOException {
    Path answers = Files.createDirectories(folder.resolve("answers"));
    Files.writeString(answers.resolve("mine"), "mine");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(2)).<Integer>map(i -> i).write(Sink.folder(answers, "{index}"));

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("has files already, such as mine");
    pipeline.fresh().run(Fan.sequential());
    pipeline.fresh().run(Fan.sequential());

    assertThat(files(answers)).containsExactly("0", "1", "mine");
  }

  @Test
  void aTemplateWithoutAFieldIsRefusedAtTheDoor() {
    assertThatThrownBy(() -> Sink.folder(folder, "answer.json"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("every result would be written to answer.json");
  }

  /// The files below a folder, sorted, without what is the folder's own.
  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .filter(name -> !name.startsWith(".fan"))
          .sorted()
          .toList();
    }
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers to " + count, Range.of(0, count));
  }
}
