package io.fanwise.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.cli.exec.CommandTemplate.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTemplateTest {

  @Test
  void aCommandWithoutPlacesGetsTheInputAsItsLastArgument() {
    assertThat(expand("a b.txt", "gzip", "-9")).containsExactly("gzip", "-9", "a b.txt");
  }

  @Test
  void placesAreFilledInsideWords() {
    assertThat(expand("pics/cat.png", "convert", "{}", "--out={/.}-{#}.jpg", "{//}:{%}"))
        .containsExactly("convert", "pics/cat.png", "--out=cat-7.jpg", "pics:2");
  }

  @Test
  void theProgramItselfCanBeAPlace() {
    assertThat(expand("true", "{}")).containsExactly("true");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        // input, {.}, {/}, {//}, {/.}
        "a/b/c.txt, a/b/c, c.txt, a/b, c",
        "c.tar.gz, c.tar, c.tar.gz, ., c.tar",
        "a.d/b, a.d/b, b, a.d, b",
        ".profile, .profile, .profile, ., .profile",
        "a/.profile.bak, a/.profile, .profile.bak, a, .profile",
        "/x, /x, x, /, x",
        "/, /, /, /, /",
        "a/b/, a/b/, b, a, b",
        "a//b, a//b, b, a, b",
        "'', '', '', ., ''",
        ".., .., .., ., ..",
        "x., x, x., ., x",
        "https://h/a.b/c.html, https://h/a.b/c, c.html, https://h/a.b, c",
      })
  void partsOfAPathAreThoseOfBasenameAndDirname(
      String input, String withoutExtension, String name, String directory, String stem) {
    assertThat(expand(input, "x", "{.}", "{/}", "{//}", "{/.}"))
        .containsExactly("x", withoutExtension, name, directory, stem);
  }

  @Test
  void columnsAreFoundByNameAndByNumber() {
    var columns = new LinkedHashMap<>(Map.of("city", "Köln"));
    columns.put("zip_code", "50667");
    Values values = new Values("Köln,50667", 1, 1, columns);

    CommandTemplate template = template("x", "{city}-{zip_code}", "{1}", "{2}");

    assertThat(template.expand(values)).containsExactly("x", "Köln-50667", "Köln", "50667");
    assertThat(template.columns()).containsExactly("city", "zip_code", "1", "2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ print $1 }",
        "{print $1}",
        "{\"a\":1}",
        "{a,b}",
        "{1..5}",
        "{a..z}",
        "{-x}",
        "{{.Name}}",
        "{= s/a/b/ =}",
        "${HOME}",
        "${1}",
        "${}",
        "{",
        "}",
        "{;}",
        "a\\b",
      })
  void whatIsNoPlaceStaysAsItIs(String word) {
    assertThat(expand("in", "x", word)).containsExactly("x", word, "in");
  }

  @Test
  void aBackslashMakesAPlaceText() {
    assertThat(expand("in", "x", "\\{}", "\\{print}", "\\\\{}", "\\\\\\{#}", "{}"))
        .containsExactly("x", "{}", "{print}", "\\in", "\\{#}", "in");
  }

  @Test
  void anUnknownColumnIsNamedWithThoseThereAre() {
    CommandTemplate template = template("x", "{price}");

    assertThatThrownBy(() -> template.check(List.of("name", "cost")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "{price} asks for a column the input does not have; it has name, cost. If it is meant"
                + " as text, write \\{price}.");
    assertThatThrownBy(() -> template("x", "{3}").check(List.of("name", "cost")))
        .hasMessageContaining("{3} asks for a column the input does not have; it has name, cost");
    assertThatThrownBy(() -> template("x", "{0}").check(List.of("name", "cost")))
        .hasMessageContaining("{0} asks for a column");
    assertThatCode(() -> template("x", "{name}", "{2}").check(List.of("name", "cost")))
        .doesNotThrowAnyException();
  }

  @Test
  void aColumnWhereThereAreNoneIsExplained() {
    CommandTemplate template = template("awk", "{print}");

    assertThatThrownBy(() -> template.check(List.of()))
        .hasMessage(
            "{print} asks for a column, but the input has none: --format csv, tsv or jsonl has. If"
                + " it is meant as text, write \\{print}.");
    assertThatThrownBy(() -> template.expand(Values.of("in", 1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEmptyCommandIsRefused() {
    assertThatThrownBy(() -> template())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("There is no command to run. Give one, such as gzip.");
    assertThatThrownBy(() -> template("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theDisplayCanBePasted() {
    assertThat(
            template("grep", "-e", "it's", "{}", "", "--x=y").display(Values.of("a b.txt", 1, 1)))
        .isEqualTo("grep -e 'it'\\''s' 'a b.txt' '' --x=y");
    assertThat(template("a=b").display(Values.of("~", 1, 1))).isEqualTo("'a=b' '~'");
  }

  // with a shell

  @Test
  void aLineForTheShellGetsItsValuesQuoted() {
    Values values = Values.of("it's", 7, 2);

    CommandTemplate template = line("wc -l {} > {#}.out");

    assertThat(template.expand(values))
        .containsExactly("/bin/sh", "-c", "wc -l 'it'\\''s' > 7.out");
    assertThat(template.display(values)).isEqualTo("wc -l 'it'\\''s' > 7.out");
  }

  @Test
  void aLineWithoutPlacesGetsTheInputAtItsEnd() {
    assertThat(line("cat").expand(Values.of("x", 1, 1)).getLast()).isEqualTo("cat 'x'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo `cat {}`",
        "echo # {}",
        "echo \\\n# don't {}",
        "cat <<EOF\n{}\nEOF",
        "cat <<<{}",
        "echo $((1 + {}))",
        "echo $[1 + {}]",
        "echo ${x:-{}}",
        "echo \"${x#\"{}\"}\"",
        "echo \"$(case x in a) echo {};; esac)\"",
        "echo $'\\'{}'",
        "echo '{}",
        "echo \"{}",
        "echo it's",
      })
  void aLineThatCannotTakeValuesSafelyIsRefused(String line) {
    assertThatThrownBy(() -> line(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The line for the shell cannot take values: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo \"${HOME}\" {}",
        "awk '{ print $1 }' {}",
        "echo $# ${#x} a#b {} # a comment",
        "(cd /; ls) && { echo {}; }",
        "echo $((1 << (2 + {#}))) ${x:-y} \"${x:-y}\" {}",
        "case {} in a) echo b;; esac",
      })
  void aLineThatCanTakeValuesIsAccepted(String line) {
    assertThatCode(() -> line(line)).doesNotThrowAnyException();
  }

  private static List<String> expand(String input, String... words) {
    return template(words).expand(Values.of(input, 7, 2));
  }

  private static CommandTemplate template(String... words) {
    return CommandTemplate.parse(List.of(words), false);
  }

  private static CommandTemplate line(String line) {
    return CommandTemplate.parse(List.of(line), true);
  }
}
