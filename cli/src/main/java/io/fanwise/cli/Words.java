package io.fanwise.cli;

import java.util.ArrayList;
import java.util.List;

/// A command in one string, cut into words as a shell does: at blanks, but for what is quoted.
/// Nothing else in it means anything.
final class Words {
  private static final char NONE = ' ';

  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean begun;

  private Words() {}

  /// @throws IllegalArgumentException if a quote is not closed
  static List<String> of(String text) {
    Words words = new Words();
    words.read(text);
    return List.copyOf(words.words);
  }

  private void read(String text) {
    char quote = NONE;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : NONE;
      if (c == '\\' && escapes(quote, next) && i + 1 < text.length()) {
        add(next);
        i++;
      } else if (quote != NONE) {
        if (c == quote) {
          quote = NONE;
        } else {
          add(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        begun = true;
      } else if (Character.isWhitespace(c)) {
        end();
      } else {
        add(c);
      }
    }
    if (quote != NONE) {
      throw new IllegalArgumentException("a quote (%s) is not closed: %s".formatted(quote, text));
    }
    end();
  }

  /// A backslash before a brace is not ours: it makes text of a place.
  private static boolean escapes(char quote, char next) {
    return switch (quote) {
      case '\'' -> false;
      case '"' -> next == '"' || next == '\\';
      default -> next != '{';
    };
  }

  private void add(char c) {
    begun = true;
    word.append(c);
  }

  private void end() {
    if (begun) {
      words.add(word.toString());
      word.setLength(0);
      begun = false;
    }
  }
}
