package io.fanwise.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collections that are made of all their parts at once; those of a map are keys and values in
/// turn.
final class Build {
  private Build() {}

  static Object of(int tag, @Nullable Object[] parts) {
    return switch (tag) {
      case Tag.OPTIONAL -> Optional.ofNullable(parts[0]);
      case Tag.AS_LIST -> Arrays.asList(parts);
      case Tag.LIST_OF -> parts.length == 1 ? List.of(some(parts[0])) : pair(parts);
      case Tag.NULLS_LIST_OF -> Arrays.stream(parts).toList();
      case Tag.SET_OF -> Set.of(present(parts));
      case Tag.SINGLETON_LIST -> Collections.singletonList(parts[0]);
      case Tag.SINGLETON_SET -> Collections.singleton(parts[0]);
      case Tag.SINGLETON_MAP -> Collections.singletonMap(parts[0], parts[1]);
      case Tag.MAP_OF -> Map.ofEntries(entries(parts));
      case Tag.ARRAY_LIST -> new ArrayList<>(Arrays.asList(parts));
      case Tag.LINKED_HASH_SET -> filled(new LinkedHashSet<>(), parts);
      case Tag.LINKED_HASH_MAP -> {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < parts.length; i += 2) {
          map.put(parts[i], parts[i + 1]);
        }
        yield map;
      }
      default -> throw new IllegalArgumentException("tag " + tag + " is not of a collection");
    };
  }

  private static Object some(@Nullable Object part) {
    return Objects.requireNonNull(part, "null where none can be");
  }

  private static Object pair(@Nullable Object[] parts) {
    return List.of(some(parts[0]), some(parts[1]));
  }

  private static Object[] present(@Nullable Object[] parts) {
    Object[] all = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      all[i] = some(parts[i]);
    }
    return all;
  }

  private static Object filled(Collection<@Nullable Object> collection, @Nullable Object[] parts) {
    collection.addAll(Arrays.asList(parts));
    return collection;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Map.Entry<Object, Object>[] entries(@Nullable Object[] parts) {
    Map.Entry<Object, Object>[] entries = new Map.Entry[parts.length / 2];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = Map.entry(some(parts[2 * i]), some(parts[2 * i + 1]));
    }
    return entries;
  }
}
