package io.fanwise.cli.input;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The names of the columns of a file, each once. Immutable.
public final class Columns implements Serializable {

  private static final long serialVersionUID = 1;

  private final List<String> names;
  private final Map<String, Integer> places;

  private Columns(List<String> names) {
    this.names = List.copyOf(unique(names));
    var places = new HashMap<String, Integer>();
    this.names.forEach(name -> places.put(name, places.size()));
    this.places = Map.copyOf(places);
  }

  static Columns named(List<String> names) {
    return new Columns(names);
  }

  static Columns numbered(int count) {
    return new Columns(IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList());
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

  List<String> names() {
    return names;
  }

  int count() {
    return names.size();
  }

  /// The place of a column, from 0; −1 if there is none of that name.
  int place(String name) {
    return places.getOrDefault(name, -1);
  }
}
