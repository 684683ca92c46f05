package io.fanwise.shared;

import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/// The large arrays that one task captures, in shared memory: they are written once, and each
/// worker JVM copies them from there, instead of getting them through its socket. For those who
/// carry tasks to workers.
///
/// It holds the arrays as they were when they were first asked for, so it is made anew for each
/// run, and is for what the task captures, not for inputs: whoever reads these may fill the same
/// array again. Confined to one thread.
public final class ArrayStore implements AutoCloseable {
  private final Storage storage;
  private final long threshold;
  private final IdentityHashMap<Object, Storage.Stored> stored = new IdentityHashMap<>();

  /// A store with nothing in it.
  ///
  /// @param threshold how many bytes an array must have to be stored, see adr/0012
  public ArrayStore(long threshold) {
    this(Storage.standard(), threshold);
  }

  ArrayStore(Storage storage, long threshold) {
    this.storage = storage;
    this.threshold = threshold;
  }

  /// What travels instead of a value: for an array of primitives, which [#restore] copies, and for
  /// a shared array, which it opens.
  ///
  /// @param value what is to travel
  /// @return a small record, or null if the value should travel as it is: it is something else, or
  ///   too small, or there is no room
  public @Nullable Serializable standIn(Object value) {
    SharedReference shared = shared(value);
    if (shared != null) {
      return shared;
    }
    Element element = Element.of(value);
    if (element == null || bytes(element, value) < threshold) {
      return null;
    }
    try {
      Storage.Stored copy = stored.get(value);
      if (copy == null) {
        copy = storage.store(Access.READ, Content.of(element, value));
        stored.put(value, copy);
      }
      return new Copied(element, copy.location());
    } catch (UncheckedIOException _) {
      return null; // the socket has room for everything
    }
  }

  private static long bytes(Element element, Object array) {
    return element.bytes(Array.getLength(array));
  }

  private static @Nullable SharedReference shared(Object value) {
    // no switch: it takes milliseconds the first time
    if (value instanceof SharedDoubles doubles) {
      return doubles.reference();
    }
    if (value instanceof SharedLongs longs) {
      return longs.reference();
    }
    if (value instanceof SharedInts ints) {
      return ints.reference();
    }
    return value instanceof SharedBytes bytes ? bytes.reference() : null;
  }

  /// Whether something came from [#standIn].
  ///
  /// @param value what arrived
  /// @return whether it is to be restored
  public static boolean standsIn(Object value) {
    return value instanceof Copied || value instanceof SharedReference;
  }

  /// What a stand-in stands for.
  ///
  /// @param standIn what arrived
  /// @return a new array, or the shared array
  /// @throws IllegalStateException if the store is closed, or its JVM has ended
  public static Object restore(Object standIn) {
    if (standIn instanceof Copied copied) {
      return copied.array();
    }
    if (standIn instanceof SharedReference shared) {
      return shared.readResolve();
    }
    throw new IllegalArgumentException("not a stand-in: " + standIn);
  }

  /// Frees what is stored. Arrays that were restored are not touched.
  @Override
  public void close() {
    stored.values().forEach(Storage.Stored::close);
    stored.clear();
  }

  /// An array of primitives that lies in shared memory.
  ///
  /// @param element what it consists of
  /// @param location where
  private record Copied(Element element, Location location) implements Serializable {
    Object array() {
      return element.read(location);
    }
  }
}
