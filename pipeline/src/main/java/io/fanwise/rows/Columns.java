package io.fanwise.rows;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The names of the columns of a file, each once. Immutable.
///
/// @param names their names, in order
/// @param places the place of each name, from 0
public record Columns(List<String> names, Map<String, Integer> places) implements Serializable {

  private static Columns of(List<String> all) {
    List<String> names = List.copyOf(unique(all));
    Map<String, Integer> places = new HashMap<>();
    names.forEach(name -> places.put(name, places.size()));
    return new Columns(names, Map.copyOf(places));
  }

  static Columns named(List<String> names) {
    return of(names);
  }

  static Columns numbered(int count) {
    return of(IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList());
  }

  /// Names that differ from each other: the second `price` becomes `price_2`, a name left out its
  /// number.
  ///
  /// @param names names that may repeat or be empty
  /// @return as many names, none twice
  public static List<String> unique(List<String> names) {
    Set<String> seen = new HashSet<>();
    List<String> unique = new ArrayList<>(names.size());
    for (String given : names) {
      String name = given.isEmpty() ? Integer.toString(unique.size() + 1) : given;
      String free = name;
      for (int i = 2; !seen.add(free); i++) {
        free = name + "_" + i;
      }
      unique.add(free);
    }
    return unique;
  }

  int count() {
    return names.size();
  }

  /// The place of a column, from 0; −1 if there is none of that name.
  int place(String name) {
    return places.getOrDefault(name, -1);
  }
}
