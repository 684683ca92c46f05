package io.fanwise.shared;

import java.io.Serializable;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A map that all workers see and change, in the order in which keys came. Made by [Shared#map].
///
/// Each change is seen by all at once, and happens whole or not at all, whenever a worker dies.
/// [#compute] and its like run their function where they are called, on a copy of the value, and
/// again if somebody else has changed it meanwhile: no worker waits for another one's function, and
/// a worker that dies in one has changed nothing. So these functions should do nothing but compute.
///
/// From a worker JVM, values are copies: what is changed in one is not changed in the map until it
/// is put back. Keys are compared where the map lives, by their `equals`. Iterating goes over what
/// was in it at the beginning.
///
/// Safe for use by many threads, in any JVM.
///
/// @param <K> its keys
/// @param <V> its values
public final class SharedMap<K, V> extends AbstractMap<K, V>
    implements ConcurrentMap<K, V>, Serializable {
  private static final long serialVersionUID = 1;

  final transient Line line;

  SharedMap(Line line) {
    this.line = line;
  }

  /// Where it is travels, not what is in it.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return line.reference();
  }

  /// A value as somebody saw it, or that there was none.
  private record Seen<V>(@Nullable V value, long stamp) {}

  private Seen<V> look(Object key) {
    return line.call(Verb.GET, sent(key)) instanceof Object[] found
            && found.length == 2
            && found[1] instanceof Long stamp
        ? new Seen<>(opened(found[0]), stamp)
        : new Seen<>(null, MapState.ABSENT);
  }

  /// @param value what it becomes, or null if it goes
  private boolean replaced(Object key, Seen<V> seen, @Nullable Object value) {
    return value == null
        ? line.yes(Verb.COMPARE_AND_SET, sent(key), seen.stamp)
        : line.yes(Verb.COMPARE_AND_SET, sent(key), seen.stamp, sent(value));
  }

  private static Parcel sent(Object value) {
    return Parcel.of(
        Objects.requireNonNull(value, "a shared map has neither null keys nor null values"));
  }

  // a map gives what was put in, and that was a K or a V
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X> @Nullable X opened(@Nullable Object answer) {
    return answer instanceof Parcel parcel ? (X) parcel.value() : null;
  }

  @Override
  public @Nullable V get(Object key) {
    return look(key).value;
  }

  @Override
  public boolean containsKey(Object key) {
    return get(key) != null;
  }

  @Override
  public V getOrDefault(Object key, V instead) {
    V value = get(key);
    return value == null ? instead : value;
  }

  @Override
  public @Nullable V put(K key, V value) {
    return opened(line.call(Verb.PUT, sent(key), sent(value)));
  }

  @Override
  public @Nullable V remove(Object key) {
    return opened(line.call(Verb.TAKE, sent(key)));
  }

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, line.number(Verb.SIZE));
  }

  @Override
  public void clear() {
    line.call(Verb.CLEAR);
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    while (true) {
      Seen<V> seen = look(key);
      if (seen.value != null || replaced(key, seen, value)) {
        return seen.value;
      }
    }
  }

  @Override
  public boolean remove(Object key, @Nullable Object value) {
    return changed(key, value, null);
  }

  @Override
  public boolean replace(K key, V before, V after) {
    return changed(key, before, Objects.requireNonNull(after));
  }

  private boolean changed(Object key, @Nullable Object before, @Nullable Object after) {
    while (true) {
      Seen<V> seen = look(key);
      if (seen.value == null || !seen.value.equals(before)) {
        return false;
      }
      if (replaced(key, seen, after)) {
        return true;
      }
    }
  }

  @Override
  public @Nullable V replace(K key, V value) {
    while (true) {
      Seen<V> seen = look(key);
      if (seen.value == null || replaced(key, seen, value)) {
        return seen.value;
      }
    }
  }

  @Override
  public @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    while (true) {
      Seen<V> seen = look(key);
      V next = function.apply(key, seen.value);
      if ((seen.value == null && next == null) || replaced(key, seen, next)) {
        return next;
      }
    }
  }

  @Override
  public @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    return compute(key, (k, value) -> value == null ? null : function.apply(k, value));
  }

  @Override
  public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
    while (true) {
      Seen<V> seen = look(key);
      V value = seen.value == null ? function.apply(key) : seen.value;
      if (seen.value != null || value == null || replaced(key, seen, value)) {
        return value;
      }
    }
  }

  @Override
  public @Nullable V merge(
      K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    return compute(key, (_, before) -> before == null ? value : function.apply(before, value));
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
    keySet().forEach(key -> computeIfPresent(key, function));
  }

  @Override
  public Set<Entry<K, V>> entrySet() {
    return new Entries();
  }

  /// The entries at the moment when somebody begins to go over them.
  private final class Entries extends AbstractSet<Entry<K, V>> {
    @Override
    public int size() {
      return SharedMap.this.size();
    }

    @Override
    public Iterator<Entry<K, V>> iterator() {
      var all = line.call(Verb.ENTRIES) instanceof Object[] list ? list : new Object[0];
      return new Entering(all);
    }
  }

  private final class Entering implements Iterator<Entry<K, V>> {
    private final Object[] all;
    private int at;
    private @Nullable K last;

    Entering(Object[] all) {
      this.all = all;
    }

    @Override
    public boolean hasNext() {
      return at < all.length;
    }

    @Override
    public Entry<K, V> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more entries");
      }
      K key = Objects.requireNonNull(SharedMap.<K>opened(all[at]));
      V value = Objects.requireNonNull(SharedMap.<V>opened(all[at + 1]));
      at += 2;
      last = key;
      return Map.entry(key, value);
    }

    @Override
    public void remove() {
      if (last == null) {
        throw new IllegalStateException("next() comes before remove()");
      }
      SharedMap.this.remove(last);
      last = null;
    }
  }
}
