package io.fanwise.pipeline;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a JDBC URL says that nobody else should read. Immutable.
///
/// @param words passwords, tokens and the like
record Secrets(List<String> words) {
  private static final String HIDDEN = "***";

  private static final Pattern PARAMETER =
      Pattern.compile("(?i)[?&;][^=&;]*(?:pass|pwd|secret|token|key)[^=&;]*=([^&;]+)");

  /// `//user:password@host`, and `thin:user/password@host` of Oracle.
  private static final Pattern BEFORE_HOST = Pattern.compile("(?://|thin:)[^:/@]*[:/]([^/@]+)@");

  static Secrets in(String url) {
    List<String> words = new ArrayList<>();
    for (Pattern pattern : List.of(PARAMETER, BEFORE_HOST)) {
      Matcher found = pattern.matcher(url);
      while (found.find()) {
        words.add(found.group(1));
      }
    }
    return new Secrets(List.copyOf(words));
  }

  /// The error itself, or one without them if a driver has put them into its words.
  SQLException without(SQLException error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      String text = each.toString();
      if (words.stream().anyMatch(text::contains)) {
        SQLException clean =
            new SQLException(
                hide(String.valueOf(error.getMessage())),
                error.getSQLState(),
                error.getErrorCode());
        clean.setStackTrace(error.getStackTrace());
        return clean;
      }
    }
    return error;
  }

  private String hide(String text) {
    String hidden = text;
    for (String word : words) {
      hidden = hidden.replace(word, HIDDEN);
    }
    return hidden;
  }

  @Override
  public String toString() {
    return HIDDEN;
  }
}
