package io.fanwise.cli.exec;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.regex.Pattern;

/// What a value stands between, and so what must be done to it for a shell to take it as it is.
public enum Quotes {
  /// No shell reads it.
  NONE {
    @Override
    String around(String value) {
      return value;
    }
  },
  /// It stands alone: the quotes are ours.
  BARE {
    @Override
    String around(String value) {
      return "'" + SINGLE.around(value) + "'";
    }
  },
  /// It stands between the user's single quotes.
  SINGLE {
    @Override
    String around(String value) {
      return value.replace("'", "'\\''");
    }
  },
  /// It stands between the user's double quotes.
  DOUBLE {
    @Override
    String around(String value) {
      return SPECIAL.matcher(value).replaceAll("\\\\$0");
    }
  };

  private static final Pattern SPECIAL = Pattern.compile("[\\\\\"$`]");
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+:,./=-]+");

  /// The value as the shell takes it there.
  abstract String around(String value);

  /// The words of a command as one line for a shell, with no more quotes than it needs.
  public static String readable(List<String> words) {
    String arguments =
        words.stream().skip(1).map(Quotes::readable).map(" "::concat).collect(joining());
    // a program with = in its name would be taken for a variable
    String program =
        words.getFirst().contains("=") ? BARE.around(words.getFirst()) : readable(words.getFirst());
    return program + arguments;
  }

  private static String readable(String word) {
    return PLAIN.matcher(word).matches() ? word : BARE.around(word);
  }
}
