package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.rows.Bookmark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSourceTest {

  @TempDir Path root;
  private Path data = Path.of("");

  @BeforeEach
  void makeFiles() throws IOException {
    data = root.resolve("data");
    for (String name :
        List.of("b.txt", "a.txt", "c.jpg", "in/z.txt", "in/deep/y.txt", "in/x.jpg")) {
      Path file = data.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  @Test
  void filesComeInTheOrderOfTheirNamesWhereverTheyLie() throws IOException {
    assertThat(found("**"))
        .containsExactly("a.txt", "b.txt", "c.jpg", "in/deep/y.txt", "in/x.jpg", "in/z.txt");
    assertThat(found("*.txt")).containsExactly("a.txt", "b.txt");
    assertThat(found("**/*.txt")).containsExactly("a.txt", "b.txt", "in/deep/y.txt", "in/z.txt");
    assertThat(found("in/**/*.{txt,png}")).containsExactly("in/deep/y.txt", "in/z.txt");
    assertThat(found("*.png")).isEmpty();
  }

  @Test
  void readingGoesOnAfterABookmark() throws IOException {
    Source<Path> source = Source.files(data, "**/*.txt");

    try (Source.Cursor first = source.open(Bookmark.START)) {
      first.advance();
      first.value();
      first.advance();
      first.value();
      try (Source.Cursor second = source.open(first.bookmark())) {
        assertThat(second.advance()).isTrue();
        assertThat((String) second.value()).endsWith("y.txt");
      }
    }
  }

  @Test
  void aTaskIsGivenPathsAndTheRunKnowsThem() throws IOException {
    Path answers = root.resolve("answers.jsonl");
    Pipeline<Path, String> pipeline =
        Pipeline.read(Source.files(data, "**/*.txt"))
            .map(Files::readString)
            .write(Sink.jsonLines(answers));

    pipeline.run(Fan.threads(2));

    assertThat(answers).content().contains("\"result\":\"in/deep/y.txt\"");
    Files.writeString(data.resolve("in/new.txt"), "");
    assertThatThrownBy(() -> pipeline.run(Fan.threads(2))).isInstanceOf(RunRefused.class);
  }

  @Test
  void aFileOfAnotherSizeIsAnotherSource() throws IOException {
    List<String> before = Source.files(data, "**").identity();

    Files.writeString(data.resolve("a.txt"), "longer than before");

    assertThat(Source.files(data, "**").identity()).isNotEqualTo(before);
  }

  @Test
  void aLinkIntoItselfIsAnErrorAndNoEndlessWalk() throws IOException {
    Files.createSymbolicLink(data.resolve("in/loop"), data);

    assertThatThrownBy(() -> found("**"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in/loop is a link to " + data)
        .hasMessageContaining("remove the link");
  }

  @Test
  void linksToElsewhereAreFollowed() throws IOException {
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("w.txt"), "");
    Files.createSymbolicLink(data.resolve("link"), elsewhere);
    Files.createSymbolicLink(data.resolve("lost.txt"), root.resolve("gone"));

    assertThat(found("**/*.txt")).contains("link/w.txt", "lost.txt");
  }

  @Test
  void aFolderThatIsNoneIsNamed() {
    assertThatThrownBy(() -> Source.files(root.resolve("no"), "**").open(Bookmark.START))
        .hasMessage("No such folder: " + root.resolve("no"));
    assertThatThrownBy(() -> Source.files(data.resolve("a.txt"), "**").open(Bookmark.START))
        .hasMessage(data.resolve("a.txt") + " is a file, not a folder");
  }

  @Test
  void aFolderThatCannotBeReadIsNamed() throws Exception {
    Path closed = data.resolve("in/deep");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      List<String> command = new ArrayList<>();
      if (Files.isReadable(closed)) { // whoever may read everything gives that up
        command.addAll(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search"));
      }
      command.addAll(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Reader.class.getName(),
              data.toString()));
      Process reader = new ProcessBuilder(command).redirectErrorStream(true).start();

      assertThat(reader.inputReader().readAllAsString())
          .isEqualTo("No permission to read the folder " + closed);
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /// Looks for the files of a folder, and says what goes wrong.
  static final class Reader {
    private Reader() {}

    public static void main(String[] args) {
      try (Source.Cursor files = Source.files(Path.of(args[0]), "**").open(Bookmark.START)) {
        while (files.advance()) {
          files.value();
        }
        System.out.print("all could be read");
      } catch (IOException e) {
        System.out.print(e.getMessage());
      }
    }
  }

  @Test
  void aPatternNamesFilesForOtherSources() {
    assertThat(Source.glob(data + "/*.txt"))
        .containsExactly(data.resolve("a.txt"), data.resolve("b.txt"));
    assertThat(Source.glob(data + "/**/y.txt")).containsExactly(data.resolve("in/deep/y.txt"));
    assertThat(Source.glob(data + "/a.txt")).containsExactly(data.resolve("a.txt"));
    assertThat(Source.lines(Source.glob(data + "/*.txt")).files()).hasSize(2);
    assertThatThrownBy(() -> Source.glob(data + "/*.csv"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no file matches " + data + "/*.csv");
    assertThatThrownBy(() -> Source.glob(data + "/no/*.csv"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("No such folder: " + data.resolve("no"));
  }

  private List<String> found(String glob) throws IOException {
    List<String> names = new ArrayList<>();
    try (Source.Cursor files = Source.files(data, glob).open(Bookmark.START)) {
      while (files.advance()) {
        names.add(data.relativize(Path.of((String) files.value())).toString());
      }
    }
    return names;
  }
}
