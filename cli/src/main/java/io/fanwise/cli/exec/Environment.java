package io.fanwise.cli.exec;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The variables this JVM was started with, byte for byte, whatever their encoding. Immutable.
final class Environment {
  private final MemorySegment variables = Libc.environment();
  private final Map<String, MemorySegment> byName = new LinkedHashMap<>();

  Environment() {
    for (int i = 0; variable(i).address() != 0; i++) {
      String text = Libc.text(variable(i));
      byName.putIfAbsent(text.substring(0, Math.max(0, text.indexOf('='))), variable(i));
    }
  }

  /// These variables and `more`, as C wants them.
  MemorySegment with(Map<String, String> more, Arena arena) {
    if (more.isEmpty()) {
      return variables;
    }
    var all = new LinkedHashMap<>(byName);
    more.forEach((name, value) -> all.put(name, arena.allocateFrom(name + "=" + value)));
    return vector(List.copyOf(all.values()), arena);
  }

  /// An array of addresses, up to a null.
  static MemorySegment vector(List<MemorySegment> addresses, Arena arena) {
    MemorySegment vector = arena.allocate(ADDRESS, addresses.size() + 1L);
    for (int i = 0; i < addresses.size(); i++) {
      vector.setAtIndex(ADDRESS, i, addresses.get(i));
    }
    return vector;
  }

  private MemorySegment variable(int index) {
    return Libc.address(variables, index);
  }
}
