package io.fanwise.shared;

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
  /// what is shared, as [#word].
  ///
  /// @param value what is to travel
  /// @return a few bytes, or null if the value should travel as it is: it is something else, or too
  ///   small, or there is no room
  public byte @Nullable [] standIn(Object value) {
    Element element = Element.of(value);
    if (element == null) {
      return word(value);
    }
    if (bytes(element, value) < threshold) {
      return null;
    }
    try {
      Storage.Stored copy = stored.get(value);
      if (copy == null) {
        copy = storage.store(Access.READ, Content.of(element, value));
        stored.put(value, copy);
      }
      return Word.ofCopied(element, copy.location());
    } catch (UncheckedIOException _) {
      return null; // the socket has room for everything
    }
  }

  private static long bytes(Element element, Object array) {
    return element.bytes(Array.getLength(array));
  }

  /// What travels instead of a shared array, or of state made by [Shared]: where it is.
  ///
  /// @param value what is to travel
  /// @return a few bytes, or null if it is something else
  /// @throws IllegalStateException if it is closed
  public static byte @Nullable [] word(Object value) {
    return Word.of(value);
  }

  /// What a stand-in stands for.
  ///
  /// @param standIn what arrived
  /// @return a new array, or what is shared
  /// @throws IllegalStateException if it is not there any more: the store is closed, say, or its
  ///   JVM has ended
  public static Object restore(Object standIn) {
    if (standIn instanceof byte[] word) {
      return Word.arrived(word);
    }
    throw new IllegalArgumentException("not a stand-in: " + standIn);
  }

  /// Frees what is stored. Arrays that were restored are not touched.
  @Override
  public void close() {
    stored.values().forEach(Storage.Stored::close);
    stored.clear();
  }
}
