package io.fanwise.http;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// The headers of an answer, in the order in which they came; names in any case. Immutable.
public final class Headers implements Serializable {
  private static final long serialVersionUID = 1;

  /// Name, value, name, value …
  private final List<String> namesAndValues;

  /// @param namesAndValues name, value, name, value …
  Headers(List<String> namesAndValues) {
    this.namesAndValues = List.copyOf(namesAndValues);
  }

  /// The first header of a name.
  ///
  /// @param name its name, in any case
  /// @return its value; empty if there is none
  public Optional<String> first(String name) {
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      if (namesAndValues.get(i).equalsIgnoreCase(name)) {
        return Optional.of(namesAndValues.get(i + 1));
      }
    }
    return Optional.empty();
  }

  /// All headers of a name.
  ///
  /// @param name their name, in any case
  /// @return their values, in order
  public List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      if (namesAndValues.get(i).equalsIgnoreCase(name)) {
        values.add(namesAndValues.get(i + 1));
      }
    }
    return values;
  }

  /// The names there are.
  ///
  /// @return each once, in alphabetical order
  public List<String> names() {
    TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      names.add(namesAndValues.get(i));
    }
    return List.copyOf(names);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Headers headers && namesAndValues.equals(headers.namesAndValues);
  }

  @Override
  public int hashCode() {
    return namesAndValues.hashCode();
  }

  /// A header on each line.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      text.append(namesAndValues.get(i))
          .append(": ")
          .append(namesAndValues.get(i + 1))
          .append('\n');
    }
    return text.toString();
  }
}
