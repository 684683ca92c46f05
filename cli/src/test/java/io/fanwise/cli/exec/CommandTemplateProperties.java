package io.fanwise.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.cli.exec.CommandTemplate.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// No input can say anything to the shell: real shells are asked.
class CommandTemplateProperties {
  private static final String SEVERAL =
      "printf '%s|' {} x{}x \"{}\" \"x{}x\" '{}' \"$(printf '%s.' {})\" \"$(printf '%s.' \"{}\")\""
          + " $(echo) \"a\"{}'b' \"(\" {} \")\"";

  private static Spawner spawner;
  private static Path directory;

  @BeforeContainer
  static void open() throws IOException {
    spawner = Spawner.open();
    directory = Files.createTempDirectory("fan-shell-");
  }

  @AfterContainer
  static void close() throws IOException {
    spawner.close();
    Files.delete(directory);
  }

  @Property(tries = 300)
  void aShellSeesEveryValueAsItIs(@ForAll("values") String value) throws Exception {
    CommandTemplate line = CommandTemplate.parse(List.of(SEVERAL), true);

    String printed = run(line.expand(Values.of(value, 1, 1)));

    List<String> expected =
        List.of(
            value,
            "x" + value + "x",
            value,
            "x" + value + "x",
            value,
            value + ".",
            value + ".",
            "a" + value + "b",
            "(",
            value,
            ")");
    assertThat(printed).isEqualTo(String.join("|", expected) + "|");
  }

  @Property(tries = 300)
  void aDisplayedCommandPastedIntoAShellDoesTheSame(@ForAll("words") List<String> words)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("printf", "%s|"));
    words.forEach(word -> command.add(word.replace("\\", "\\\\").replace("{", "\\{")));

    CommandTemplate template = CommandTemplate.parse(command, false);
    Values values = Values.of("in put", 1, 1);

    assertThat(run(List.of("sh", "-c", template.display(values))))
        .isEqualTo(run(template.expand(values)));
  }

  @Property(tries = 1_000)
  void noInputIsEverRun(@ForAll("lines") String line, @ForAll("attacks") String attack)
      throws Exception {
    Optional<CommandTemplate> template = parsed(line);
    if (template.isPresent()) {
      run(template.get().expand(Values.of(attack, 1, 1)));
    }

    assertThat(Files.deleteIfExists(directory.resolve("PWNED")))
        .as("%s was run in %s", attack, line)
        .isFalse();
  }

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.strings()
            .withChars("'\"\\$`!#&|;(){}<>*?~ \t\nab=-%\u00e9\u2603")
            .ofMaxLength(12),
        attacks());
  }

  @Provide
  Arbitrary<List<String>> words() {
    return values().list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> attacks() {
    return Arbitraries.of(
            "touch PWNED",
            "$(touch PWNED)",
            "`touch PWNED`",
            ";touch PWNED;",
            "\ntouch PWNED\n",
            ")touch PWNED;(",
            "x)touch PWNED;;")
        .flatMap(command ->
            Arbitraries.of("", "'", "\"", "\\", "\\'", "\\\"", "')", "\")", "\nE\n", "`", "'\"'\"'")
                .map(quote -> quote + command + quote));
  }

  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.of(
            "'",
            "\"",
            "\\",
            " ",
            "`",
            "$",
            "$(",
            "(",
            ")",
            "{}",
            "{}",
            "{}",
            "echo ",
            "#",
            " # ",
            "\n",
            "<<E",
            "<<<",
            "\nE\n",
            ";",
            "case x in x)",
            ";; esac",
            "$((1",
            "))",
            "${x:-",
            "}",
            "${x#",
            "x",
            "'$",
            "&& ",
            "| ",
            "<",
            "((",
            "[ ",
            " ] ")
        .list()
        .ofMinSize(1)
        .ofMaxSize(9)
        .map(pieces -> "echo " + String.join("", pieces));
  }

  private static Optional<CommandTemplate> parsed(String line) {
    try {
      return Optional.of(CommandTemplate.parse(List.of(line), true));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  private static String run(List<String> words) throws InterruptedException {
    return spawner.run(Command.of(words).directory(directory)).stdout().text();
  }
}
