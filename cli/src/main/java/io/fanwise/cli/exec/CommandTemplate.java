package io.fanwise.cli.exec;

import static java.util.stream.Collectors.toCollection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// A command with places for what differs from input to input. Immutable.
///
/// | place | stands for | of `pics/cat.tar.gz` |
/// |---|---|---|
/// | `{}` | the input | `pics/cat.tar.gz` |
/// | `{.}` | the input without its last extension | `pics/cat.tar` |
/// | `{/}` | its last name | `cat.tar.gz` |
/// | `{//}` | its directory | `pics` |
/// | `{/.}` | its last name without the last extension | `cat.tar` |
/// | `{#}` | the number of the job, from 1 | |
/// | `{%}` | the number of the slot it runs in, from 1 to the number of jobs at once | |
/// | `{price}` | the column of that name | |
/// | `{2}` | the column of that name, or else the second | |
///
/// A command without any place gets the input as its last argument. The name of a column is a
/// letter or `_`, then letters, digits, `_` and `-`, and may have parts divided by single dots.
/// Everything else in braces is text, such as `{ print $1 }` or `{"a":1}`; so is what follows a
/// dollar, `${HOME}`, and what follows a backslash, `\{print}`, which loses the backslash.
///
/// With a shell, the command is one line for `/bin/sh`, and each value is quoted for the place it
/// stands in: bare, between double quotes or between single quotes. So no input can say anything to
/// the shell. Where nothing can be quoted, in a comment, between backticks, in `((…))` or `${…}`, a
/// place is refused, and so is a line with a here-document.
public final class CommandTemplate {
  private static final List<String> SHELL = List.of("/bin/sh", "-c");

  private final List<Word> words;
  private final boolean shell;

  /// What is put into the places for one input.
  ///
  /// @param input the input itself
  /// @param job the number of the job, from 1
  /// @param slot the number of the slot it runs in, from 1
  /// @param columns the fields of the input by name, in the order of the columns; empty where
  ///   inputs have none
  public record Values(String input, long job, int slot, SequencedMap<String, String> columns) {
    public Values {
      columns = Collections.unmodifiableSequencedMap(columns);
    }

    /// The values of an input that has no columns.
    public static Values of(String input, long job, int slot) {
      return new Values(input, job, slot, new LinkedHashMap<>());
    }
  }

  private CommandTemplate(List<Word> words, boolean shell) {
    this.words = words;
    this.shell = shell;
  }

  /// Reads a command as it was given: a program and its arguments, or the words of a line for the
  /// shell.
  ///
  /// @throws IllegalArgumentException if there is no command, or the line cannot take values safely
  public static CommandTemplate parse(List<String> words, boolean shell) {
    if (words.isEmpty() || words.getFirst().isBlank()) {
      throw new IllegalArgumentException("There is no command to run. Give one, such as gzip.");
    }
    return shell
        ? ofLine(Word.parseLine(String.join(" ", words)))
        : ofWords(words.stream().map(Word::parse).toList());
  }

  private static CommandTemplate ofWords(List<Word> words) {
    if (words.stream().anyMatch(Word::hasPlaces)) {
      return new CommandTemplate(words, false);
    }
    List<Word> more = new ArrayList<>(words);
    more.add(Word.INPUT);
    return new CommandTemplate(List.copyOf(more), false);
  }

  private static CommandTemplate ofLine(Word line) {
    Word whole = line.hasPlaces() ? line : line.and(Word.BLANK).and(Word.INPUT);
    return new CommandTemplate(List.of(ShellLine.quoted(whole)), true);
  }

  /// The words to run for one input.
  ///
  /// @throws IllegalArgumentException if the input lacks a column the command asks for
  public List<String> expand(Values values) {
    List<String> expanded = new ArrayList<>(shell ? SHELL : List.of());
    for (Word word : words) {
      expanded.add(word.with(values));
    }
    return List.copyOf(expanded);
  }

  /// The command for one input as a line that can be pasted into a shell and does the same.
  public String display(Values values) {
    return shell ? words.getFirst().with(values) : Quotes.readable(expand(values));
  }

  /// The columns the command asks for, by name or number, in the order it names them.
  public Set<String> columns() {
    return words.stream()
        .flatMap(Word::columns)
        .map(Placeholder.Column::name)
        .collect(toCollection(LinkedHashSet::new));
  }

  /// Refuses a command that asks for a column which inputs with the `known` columns lack, before
  /// anything runs.
  ///
  /// @throws IllegalArgumentException naming the column, and those there are
  public void check(List<String> known) {
    words.stream().flatMap(Word::columns).forEach(column -> column.check(known));
  }
}
