package io.fanwise.shared;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;

/// An array of `byte` that the tasks of all worker JVMs of this host see without copying it: how
/// such arrays live and travel is told with [their package][io.fanwise.shared].
///
///     try (var prices = SharedBytes.copyOf(values)) {
///       Fan.on(Processes.of(4)).map(quarters, quarter -> sum(prices, quarter));
///     }
///
/// Safe for use by many threads and tasks as long as they write to different elements; what a task has
/// written is visible to the caller once the run has returned.
public final class SharedBytes implements AutoCloseable, Serializable {
  final transient Span span;
  // what the span has too, here so that an element is one step away
  private final transient MemorySegment memory;
  private final transient long size;

  SharedBytes(Span span) {
    this.span = span;
    this.memory = span.memory();
    this.size = span.size();
  }

  /// Shares a copy of an array, which nobody can write to.
  ///
  /// @param values what it holds
  /// @return the shared array
  /// @throws java.io.UncheckedIOException if there is no room for it
  public static SharedBytes copyOf(byte[] values) {
    return new SharedBytes(Span.copyOf(Storage.standard(), Element.BYTE, values));
  }

  /// An array of zeros to write to, here and in tasks.
  ///
  /// @param size how many elements it has; may be more than a Java array can have
  /// @return the shared array
  /// @throws java.io.UncheckedIOException if there is no room for it
  public static SharedBytes create(long size) {
    return new SharedBytes(Span.create(Storage.standard(), Element.BYTE, size));
  }

  /// Shares a file as it is: its bytes. All JVMs read the file itself.
  ///
  /// @param path the file, which must keep its size until this is closed
  /// @return the shared array, read-only
  /// @throws java.io.UncheckedIOException if it cannot be opened
  public static SharedBytes open(Path path) {
    return new SharedBytes(Span.open(path, Element.BYTE, Access.READ));
  }

  /// Shares a file as it is, to write to: what tasks write is in the file.
  ///
  /// @param path the file, which must keep its size until this is closed
  /// @return the shared array
  /// @throws java.io.UncheckedIOException if it cannot be opened
  public static SharedBytes openWritable(Path path) {
    return new SharedBytes(Span.open(path, Element.BYTE, Access.WRITE));
  }

  /// How many elements there are.
  ///
  /// @return 0 or more
  public long size() {
    return size;
  }

  /// One element.
  ///
  /// @param index 0 for the first
  /// @return the element
  public byte get(long index) {
    try {
      return memory.get(JAVA_BYTE, span.checked(index, size) * Byte.BYTES);
    } catch (RuntimeException e) {
      throw span.explain(e);
    } finally {
      Reference.reachabilityFence(span);
    }
  }

  /// Overwrites one element.
  ///
  /// @param index 0 for the first
  /// @param value the new element
  /// @throws UnsupportedOperationException if this is read-only
  public void set(long index, byte value) {
    try {
      memory.set(JAVA_BYTE, span.checked(index, size) * Byte.BYTES, value);
    } catch (RuntimeException e) {
      throw span.explain(e);
    } finally {
      Reference.reachabilityFence(span);
    }
  }

  /// Overwrites some elements.
  ///
  /// @param from the first one
  /// @param values the new elements
  /// @throws UnsupportedOperationException if this is read-only
  public void set(long from, byte[] values) {
    span.fill(from, values);
  }

  /// All elements.
  ///
  /// @return a new array
  public byte[] toArray() {
    return toArray(0, size);
  }

  /// Some elements.
  ///
  /// @param from the first one
  /// @param to the one behind the last
  /// @return a new array
  public byte[] toArray(long from, long to) {
    return (byte[]) span.array(from, to);
  }

  /// Some elements, not copied: it is the same memory, and ends with it.
  ///
  /// @param from the first one
  /// @param to the one behind the last
  /// @return a view, which travels as this does
  public SharedBytes slice(long from, long to) {
    return new SharedBytes(span.slice(from, to));
  }

  /// The memory itself, for what takes segments, such as the Vector API. It can be used as long as
  /// it is referred to, even after this is closed.
  ///
  /// @return the elements in the byte order of this machine; read-only if this is
  public MemorySegment segment() {
    return span.segment();
  }

  /// Where it is, which is all that travels.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return span.reference();
  }

  /// Ends it for everybody who has not opened it yet; worker JVMs that have may still read it.
  @Override
  public void close() {
    span.close();
  }

  @Override
  public String toString() {
    return span.describe("SharedBytes");
  }
}
