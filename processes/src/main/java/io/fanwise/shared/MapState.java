package io.fanwise.shared;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keys, their values, and for each value a stamp that no other had: who wants to change a value to
/// what follows from it says which one it saw. So users' functions and values stay in their
/// workers.
final class MapState implements State {

  /// The stamp of a key that is not there.
  static final long ABSENT = 0;

  private final Map<Object, Entry> entries = new LinkedHashMap<>();
  private long stamps = ABSENT;

  private record Entry(Parcel value, long stamp, Parcel key) {}

  @Override
  public void prepare(Call call) {
    switch (call.verb) {
      case GET, PUT, TAKE, COMPARE_AND_SET -> call.memo = call.parcel(0).value();
      default -> {}
    }
  }

  @Override
  public @Nullable Object attempt(Call call) {
    return switch (call.verb) {
      case SIZE -> (long) entries.size();
      case ENTRIES -> all();
      case CLEAR -> {
        entries.clear();
        yield null;
      }
      case GET -> stamped(entries.get(key(call)));
      case PUT -> value(entries.put(key(call), entry(call, 1)));
      case TAKE -> value(entries.remove(key(call)));
      case COMPARE_AND_SET -> compareAndSet(call, call.number(1)) ? 1L : 0L;
      default -> throw call.unknown();
    };
  }

  private boolean compareAndSet(Call call, long seen) {
    Entry now = entries.get(key(call));
    if ((now == null ? ABSENT : now.stamp) != seen) {
      return false;
    }
    if (call.arguments.length > 2) {
      entries.put(key(call), entry(call, 2));
    } else {
      entries.remove(key(call));
    }
    return true;
  }

  private static Object key(Call call) {
    if (call.memo == null) {
      throw call.unknown();
    }
    return call.memo;
  }

  private Entry entry(Call call, int position) {
    return new Entry(call.parcel(position), ++stamps, call.parcel(0));
  }

  private static @Nullable Object value(@Nullable Entry entry) {
    return entry == null ? null : entry.value;
  }

  private static Object @Nullable [] stamped(@Nullable Entry entry) {
    return entry == null ? null : new Object[] {entry.value, entry.stamp};
  }

  /// Key, value, key, value, …
  private Object[] all() {
    return entries.values().stream().flatMap(e -> Stream.of(e.key, e.value)).toArray();
  }

  @Override
  public String toString() {
    return entries.size() + " entries";
  }
}
