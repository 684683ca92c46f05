package io.fanwise.cli.exec;

import io.fanwise.cli.exec.CommandTemplate.Values;
import java.util.List;
import java.util.SequencedMap;

/// What a place in a command stands for.
sealed interface Placeholder {

  /// What goes there for one input.
  String value(Values values);

  /// The placeholder that is written so between braces.
  static Placeholder of(String written) {
    for (Fixed fixed : Fixed.values()) {
      if (fixed.written.equals(written)) {
        return fixed;
      }
    }
    return new Column(written);
  }

  /// Those that every input has.
  enum Fixed implements Placeholder {
    INPUT(""),
    WITHOUT_EXTENSION("."),
    NAME("/"),
    DIRECTORY("//"),
    NAME_WITHOUT_EXTENSION("/."),
    JOB("#"),
    SLOT("%");

    private final String written;

    Fixed(String written) {
      this.written = written;
    }

    @Override
    public String value(Values values) {
      return switch (this) {
        case INPUT -> values.input();
        case WITHOUT_EXTENSION -> withoutExtension(values.input());
        case NAME -> lastName(values.input());
        case DIRECTORY -> directory(values.input());
        case NAME_WITHOUT_EXTENSION -> withoutExtension(lastName(values.input()));
        case JOB -> Long.toString(values.job());
        case SLOT -> Integer.toString(values.slot());
      };
    }

    /// True if its values are numbers of ours, which mean nothing to a shell.
    boolean number() {
      return this == JOB || this == SLOT;
    }
  }

  /// A field of the input.
  ///
  /// @param name its name, or its number, from 1
  record Column(String name) implements Placeholder {

    @Override
    public String value(Values values) {
      SequencedMap<String, String> columns = values.columns();
      String value = columns.get(name);
      if (value == null) {
        check(List.copyOf(columns.sequencedKeySet()));
        value = columns.sequencedValues().stream().skip(number() - 1L).findFirst().orElseThrow();
      }
      return value;
    }

    void check(List<String> known) {
      if (known.isEmpty()) {
        throw new IllegalArgumentException(
            "{%s} asks for a column, but the input has none: --format csv, tsv or jsonl has. If it is meant as text, write \\{%s}."
                .formatted(name, name));
      }
      if (!known.contains(name) && (number() < 1 || number() > known.size())) {
        throw new IllegalArgumentException(
            "{%s} asks for a column the input does not have; it has %s. If it is meant as text, write \\{%s}."
                .formatted(name, String.join(", ", known), name));
      }
    }

    /// Its number, or 0 if it is a name.
    private int number() {
      return name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 10
          ? Integer.parseInt(name)
          : 0;
    }
  }

  // as basename and dirname of POSIX have it

  private static String lastName(String path) {
    String trimmed = withoutTrailingSlashes(path);
    return trimmed.equals("/") ? trimmed : trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }

  private static String directory(String path) {
    String trimmed = withoutTrailingSlashes(path);
    int slash = trimmed.lastIndexOf('/');
    return slash < 0 ? "." : withoutTrailingSlashes(trimmed.substring(0, slash + 1));
  }

  private static String withoutTrailingSlashes(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  /// Without the last dot of the last name and what follows it, unless that is all there is, as in
  /// `.profile`.
  private static String withoutExtension(String path) {
    int dot = path.lastIndexOf('.');
    int start = path.lastIndexOf('/') + 1;
    boolean extended = dot > start && path.substring(start, dot).chars().anyMatch(c -> c != '.');
    return extended ? path.substring(0, dot) : path;
  }
}
