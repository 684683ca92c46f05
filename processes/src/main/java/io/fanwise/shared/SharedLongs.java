package io.fanwise.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.stream.LongStream;

/// An array of `long` that the tasks of all worker JVMs of this host see without copying it: how
/// such arrays live and travel is told with [their package][io.fanwise.shared].
///
///     try (var prices = SharedLongs.copyOf(values)) {
///       Fan.on(Processes.of(4)).map(quarters, quarter -> sum(prices, quarter));
///     }
///
/// Safe for use by many threads and tasks as long as they write to different elements; what a task has
/// written is visible to the caller once the run has returned. [#getAndAdd]
/// needs no such care.
public final class SharedLongs implements AutoCloseable, Serializable {
  private static final VarHandle ELEMENT = JAVA_LONG.varHandle();

  final transient Span span;
  // what the span has too, here so that an element is one step away
  private final transient MemorySegment memory;
  private final transient long size;

  SharedLongs(Span span) {
    this.span = span;
    this.memory = span.memory();
    this.size = span.size();
  }

  /// Shares a copy of an array, which nobody can write to.
  ///
  /// @param values what it holds
  /// @return the shared array
  /// @throws java.io.UncheckedIOException if there is no room for it
  public static SharedLongs copyOf(long[] values) {
    return new SharedLongs(Span.copyOf(Storage.standard(), Element.LONG, values));
  }

  /// An array of zeros to write to, here and in tasks.
  ///
  /// @param size how many elements it has; may be more than a Java array can have
  /// @return the shared array
  /// @throws java.io.UncheckedIOException if there is no room for it
  public static SharedLongs create(long size) {
    return new SharedLongs(Span.create(Storage.standard(), Element.LONG, size));
  }

  /// Shares a file as it is: whole numbers of 8 bytes in the byte order of this machine, as
  /// `numpy.int64` writes them. All JVMs read the file itself.
  ///
  /// @param path the file, which must keep its size until this is closed
  /// @return the shared array, read-only
  /// @throws java.io.UncheckedIOException if it cannot be opened
  public static SharedLongs open(Path path) {
    return new SharedLongs(Span.open(path, Element.LONG, Access.READ));
  }

  /// Shares a file as it is, to write to: what tasks write is in the file.
  ///
  /// @param path the file, which must keep its size until this is closed
  /// @return the shared array
  /// @throws java.io.UncheckedIOException if it cannot be opened
  public static SharedLongs openWritable(Path path) {
    return new SharedLongs(Span.open(path, Element.LONG, Access.WRITE));
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
  public long get(long index) {
    try {
      return memory.get(JAVA_LONG, span.checked(index, size) * Long.BYTES);
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
  public void set(long index, long value) {
    try {
      memory.set(JAVA_LONG, span.checked(index, size) * Long.BYTES, value);
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
  public void set(long from, long[] values) {
    span.fill(from, values);
  }

  /// Adds to one element, whoever else adds to it at the same time, in this JVM or another one: a
  /// counter. A worker that is killed leaves it as it was before or after.
  ///
  /// @param index 0 for the first
  /// @param delta what to add
  /// @return the element as it was before
  /// @throws UnsupportedOperationException if this is read-only
  public long getAndAdd(long index, long delta) {
    try {
      return (long) ELEMENT.getAndAdd(memory, span.checked(index, size) * Long.BYTES, delta);
    } catch (RuntimeException e) {
      throw span.explain(e);
    } finally {
      Reference.reachabilityFence(span);
    }
  }

  /// All elements.
  ///
  /// @return a new array
  public long[] toArray() {
    return toArray(0, size);
  }

  /// Some elements.
  ///
  /// @param from the first one
  /// @param to the one behind the last
  /// @return a new array
  public long[] toArray(long from, long to) {
    return (long[]) span.array(from, to);
  }

  /// Some elements, not copied: it is the same memory, and ends with it.
  ///
  /// @param from the first one
  /// @param to the one behind the last
  /// @return a view, which travels as this does
  public SharedLongs slice(long from, long to) {
    return new SharedLongs(span.slice(from, to));
  }

  /// All elements in order.
  ///
  /// @return a stream, which may be made parallel
  public LongStream stream() {
    return LongStream.range(0, size).map(this::get);
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
    return span.describe("SharedLongs");
  }
}
