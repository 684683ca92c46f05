package io.fanwise.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;

/// Elements that lie one behind the other in a block: what every shared array is made of.
/// Immutable.
///
/// @param block where they are
/// @param element what they are
/// @param offset the byte at which the first one begins
/// @param size how many there are
/// @param hold what becomes of the block when this is closed
record Span(Block block, Element element, long offset, long size, Hold hold) {
  /// What becomes of the block when a span is closed.
  enum Hold {
    /// It ends.
    OWNED,
    /// Nothing: it is somebody else's.
    LENT
  }

  /// New memory that holds the same as an array of primitives.
  static Span copyOf(Storage storage, Element element, Object array) {
    Content content = Content.of(element, array);
    Block block = Block.store(storage, Access.READ, content);
    return new Span(block, element, 0, content.bytes() / element.width(), Hold.OWNED);
  }

  /// New memory, all zero.
  static Span create(Storage storage, Element element, long size) {
    Block block = Block.store(storage, Access.WRITE, Content.zeros(element.bytes(size)));
    return new Span(block, element, 0, size, Hold.OWNED);
  }

  /// A file that is there already.
  static Span open(Path path, Element element, Access access) {
    Path file = path.toAbsolutePath();
    try {
      long bytes = Files.size(file);
      if (bytes % element.width() != 0) {
        throw new IllegalArgumentException(
            "%s has %,d bytes, which is not a multiple of %d: is it a file of another type?"
                .formatted(path, bytes, element.width()));
      }
      var location = new Location(Storage.newId(), file.toString(), bytes, access);
      return new Span(Block.open(location), element, 0, bytes / element.width(), Hold.OWNED);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + path + ": " + e, e);
    }
  }

  /// Some of them.
  Span slice(long from, long to) {
    check(from, to);
    return new Span(block, element, offset + from * element.width(), to - from, Hold.LENT);
  }

  /// The memory, while the block is open and referred to.
  MemorySegment memory() {
    return block.segment().asSlice(offset, size * element.width());
  }

  /// The memory for somebody who may keep it for longer.
  MemorySegment segment() {
    return block.lasting().asSlice(offset, size * element.width());
  }

  /// Some of them, as a new array of primitives.
  Object array(long from, long to) {
    check(from, to);
    try {
      long start = from * element.width();
      return element.array(memory().asSlice(start, (to - from) * element.width()));
    } catch (IllegalStateException _) {
      throw block.closed();
    } finally {
      Reference.reachabilityFence(block);
    }
  }

  /// Overwrites some of them.
  ///
  /// @param from the first
  /// @param array an array of primitives, all of which is written
  void fill(long from, Object array) {
    requireWritable();
    MemorySegment source = element.segment(array);
    check(from, from + source.byteSize() / element.width());
    try {
      MemorySegment.copy(source, 0, memory(), from * element.width(), source.byteSize());
    } catch (IllegalStateException _) {
      throw block.closed();
    } finally {
      Reference.reachabilityFence(block);
    }
  }

  /// The same index, if there is an element.
  ///
  /// @param most the size, which the caller has at hand
  long checked(long index, long most) {
    if (index < 0 || index >= most) {
      throw outOfBounds(index);
    }
    return index;
  }

  /// Says why an element could not be read or written.
  RuntimeException explain(RuntimeException failure) {
    return block.open() ? refusal(failure) : block.closed();
  }

  private RuntimeException refusal(RuntimeException failure) {
    return failure instanceof IllegalArgumentException
            || failure instanceof UnsupportedOperationException
        ? readOnly()
        : failure;
  }

  void requireWritable() {
    if (block.location().access() == Access.READ) {
      throw readOnly();
    }
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException(
        "This shared memory is read-only. Make it by create(size) or openWritable(path) to write to it.");
  }

  private void check(long from, long to) {
    if (from < 0 || to < from || to > size) {
      throw new IndexOutOfBoundsException(
          "Range from %,d to %,d is out of bounds for size %,d".formatted(from, to, size));
    }
  }

  private IndexOutOfBoundsException outOfBounds(long index) {
    return new IndexOutOfBoundsException(
        "Index %,d is out of bounds for size %,d".formatted(index, size));
  }

  /// What travels to another JVM.
  SharedReference reference() {
    block.requireOpen();
    return new SharedReference(element, block.location(), offset, size);
  }

  void close() {
    switch (hold) {
      case OWNED -> block.close();
      case LENT -> {}
    }
  }

  String describe(String name) {
    return block.open() ? "%s of %,d".formatted(name, size) : name + ", closed";
  }
}
