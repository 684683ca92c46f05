package io.fanwise.pipeline;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/// A pattern of paths relative to a folder: `*.csv` names files in it, `**/*.csv` those of folders
/// in it as well. Immutable.
final class Glob {
  private static final String ANY_FOLDERS = "**/";

  private final String pattern;
  private final List<PathMatcher> matchers;

  private Glob(String pattern) {
    this.pattern = pattern;
    this.matchers =
        variants(pattern).stream()
            .map(each -> FileSystems.getDefault().getPathMatcher("glob:" + each))
            .toList();
  }

  static Glob of(String pattern) {
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("the pattern is empty: all files are **");
    }
    return new Glob(pattern);
  }

  boolean matches(Path relative) {
    return matchers.stream().anyMatch(matcher -> matcher.matches(relative));
  }

  @Override
  public String toString() {
    return pattern;
  }

  /// The file system's own `**/` stands for one folder at least; ours for none as well.
  private static List<String> variants(String pattern) {
    int at = pattern.indexOf(ANY_FOLDERS);
    if (at < 0) {
      return List.of(pattern);
    }
    String before = pattern.substring(0, at);
    List<String> variants = new ArrayList<>();
    for (String rest : variants(pattern.substring(at + ANY_FOLDERS.length()))) {
      variants.add(before + ANY_FOLDERS + rest);
      variants.add(before + rest);
    }
    return variants;
  }
}
