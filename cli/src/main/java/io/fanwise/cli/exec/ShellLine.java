package io.fanwise.cli.exec;

import io.fanwise.cli.exec.Word.Part;
import io.fanwise.cli.exec.Word.Place;
import io.fanwise.cli.exec.Word.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/// Reads a line as a shell does, as far as quoting goes, to know for each place what it stands
/// between. Confined to one thread.
///
/// Where it cannot be sure, or where shells differ, it refuses the line: an input must never be
/// read as a command.
final class ShellLine {
  private static final String BEFORE_A_WORD = " \t\n;&|()<>`";
  private static final Pattern CASE = Pattern.compile("\\bcase\\b");
  private static final char OTHER = 'x';

  private enum Within {
    NOTHING,
    PARENTHESES,
    SINGLE_QUOTES,
    DOUBLE_QUOTES,
    BACKTICKS, //              `…`
    ARITHMETIC, //             ((…)), as deep as its parentheses are
    PARAMETER, //              ${…}
    PARAMETER_IN_QUOTES, //    "${…}"
    COMMENT
  }

  private final Deque<Within> within = new ArrayDeque<>(List.of(Within.NOTHING));
  private final StringBuilder quotedCommands = new StringBuilder(); // what is in "$(…)"
  private char last = '\n';
  private boolean escaped;

  private ShellLine() {}

  /// The line with its places quoted.
  ///
  /// @throws IllegalArgumentException if one stands where nothing can be quoted, or a quote is not
  ///   closed
  static Word quoted(Word line) {
    ShellLine shell = new ShellLine();
    List<Part> quoted = new ArrayList<>();
    for (Part part : line.parts()) {
      switch (part) {
        case Text(var text) -> {
          text.chars().forEach(c -> shell.read((char) c));
          quoted.add(part);
        }
        case Place(var what, _) -> quoted.add(new Place(what, shell.quotes(what)));
      }
    }
    shell.checkEnd();
    return new Word(quoted);
  }

  private void read(char c) {
    if (escaped) {
      escaped = false;
      last = c == '\n' ? last : OTHER; // a line goes on after a backslash as if nothing were there
      return;
    }
    switch (within.element()) {
      case NOTHING, PARENTHESES, PARAMETER -> readCommand(c);
      case DOUBLE_QUOTES, PARAMETER_IN_QUOTES -> readBetweenDoubleQuotes(c);
      case ARITHMETIC -> readArithmetic(c);
      case BACKTICKS -> {
        escaped = c == '\\';
        leave(Within.BACKTICKS, '`', c);
      }
      case SINGLE_QUOTES -> leave(Within.SINGLE_QUOTES, '\'', c);
      case COMMENT -> leave(Within.COMMENT, '\n', c);
    }
    last = escaped ? last : c;
  }

  private void readCommand(char c) {
    if (within.contains(Within.DOUBLE_QUOTES)) {
      quotedCommands.append(c);
    }
    switch (c) {
      case '\\' -> escaped = true;
      case '"' -> within.push(Within.DOUBLE_QUOTES);
      case '`' -> within.push(Within.BACKTICKS);
      case '(' -> within.push(last == '(' ? Within.ARITHMETIC : Within.PARENTHESES);
      case ')' -> leave(Within.PARENTHESES, ')', c);
      case '}' -> leave(Within.PARAMETER, '}', c);
      case '\'' -> {
        refuse(last == '$', "$'…' is not the same in all shells; use printf");
        within.push(Within.SINGLE_QUOTES);
      }
      case '#' -> {
        if (BEFORE_A_WORD.indexOf(last) >= 0) {
          within.push(Within.COMMENT);
        }
      }
      case '<' ->
          refuse(last == '<', "a here-document is more than fan can read; use printf and a pipe");
      default -> readDollar(c, Within.PARAMETER);
    }
  }

  private void readBetweenDoubleQuotes(char c) {
    boolean parameter = within.element() == Within.PARAMETER_IN_QUOTES;
    switch (c) {
      case '\\' -> escaped = true;
      case '`' -> within.push(Within.BACKTICKS);
      case '}' -> leave(Within.PARAMETER_IN_QUOTES, '}', c);
      case '"' -> {
        refuse(parameter, "quotes in \"${…}\" are not the same in all shells");
        within.pop();
      }
      case '\'' -> refuse(parameter, "quotes in \"${…}\" are not the same in all shells");
      case '(' -> {
        if (last == '$') {
          within.push(Within.PARENTHESES);
        }
      }
      default -> readDollar(c, Within.PARAMETER_IN_QUOTES);
    }
  }

  private void readDollar(char c, Within parameter) {
    if (last == '$') {
      refuse(c == '[', "$[…] is not the same in all shells; use $((…))");
      if (c == '{') {
        within.push(parameter);
      }
    }
  }

  private void readArithmetic(char c) {
    refuse("'\"`\\".indexOf(c) >= 0, "quotes in ((…)) are more than fan can read");
    switch (c) {
      case '(' -> within.push(Within.ARITHMETIC);
      case ')' -> within.pop();
      default -> {}
    }
  }

  private void leave(Within which, char end, char c) {
    if (c == end && within.element() == which) {
      within.pop();
    }
  }

  private Quotes quotes(Placeholder what) {
    last = OTHER;
    if (what instanceof Placeholder.Fixed fixed && fixed.number()) {
      return Quotes.NONE;
    }
    boolean parameter =
        within.contains(Within.PARAMETER) || within.contains(Within.PARAMETER_IN_QUOTES);
    return switch (parameter ? Within.PARAMETER : within.element()) {
      case NOTHING, PARENTHESES -> Quotes.BARE;
      case SINGLE_QUOTES -> Quotes.SINGLE;
      case DOUBLE_QUOTES -> Quotes.DOUBLE;
      case BACKTICKS -> throw refused("nothing can be quoted between backticks; use $(…)");
      case ARITHMETIC, PARAMETER, PARAMETER_IN_QUOTES ->
          throw refused("nothing can be quoted within ((…)) or ${…}; use a variable");
      case COMMENT -> throw refused("a value may end the comment it stands in; leave it out");
    };
  }

  private void checkEnd() {
    Within end = within.element();
    refuse(end == Within.SINGLE_QUOTES, "a single quote is not closed");
    refuse(end == Within.DOUBLE_QUOTES, "a double quote is not closed");
    refuse(end == Within.BACKTICKS, "a backtick is not closed");
    refuse(
        CASE.matcher(quotedCommands).find(),
        "case between double quotes is more than fan can read; put it into a script");
  }

  private static void refuse(boolean condition, String because) {
    if (condition) {
      throw refused(because);
    }
  }

  private static IllegalArgumentException refused(String because) {
    return new IllegalArgumentException(
        "The line for the shell cannot take values: " + because + ".");
  }
}
