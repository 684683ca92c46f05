package io.fanwise.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// A stretch of shared memory, as this JVM sees it: mapped once, however often word of it arrives.
/// Safe for use by many threads, as far as memory is: [SharedLongs] says what they see.
///
/// In the JVM that made it, it ends when it is closed, or when nobody refers to it any more. In
/// another one, it stays until nobody there refers to it.
final class Block {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final ConcurrentMap<String, Known> KNOWN = new ConcurrentHashMap<>();

  private final Location location;
  private final MemorySegment segment;
  private final Cleaner.Cleanable end;
  private @Nullable MemorySegment lasting;

  /// New memory, filled.
  static Block store(Storage storage, Access access, Content content) {
    Storage.Stored stored = storage.store(access, content);
    return own(stored.location(), stored.release());
  }

  /// A file that is there already.
  static Block open(Location location) {
    return own(location, () -> {});
  }

  private static Block own(Location location, Storage.Release release) {
    Arena arena = Arena.ofShared();
    try {
      var block = new Block(location, location.map(arena), new End(location.id(), arena, release));
      KNOWN.put(location.id(), new Known(block));
      return block;
    } catch (RuntimeException e) {
      new End(location.id(), arena, release).run();
      throw e;
    }
  }

  /// The block that another JVM, or this one, has told of.
  static Block at(Location location) {
    while (true) {
      Known known = KNOWN.computeIfAbsent(location.id(), _ -> new Known(map(location)));
      Block block = known.get();
      if (block != null) {
        return block;
      }
      KNOWN.remove(location.id(), known);
    }
  }

  private static Block map(Location location) {
    // not closed by anybody, so the system may unmap it when the last segment of it is gone
    MemorySegment segment = location.map(Arena.ofAuto());
    var block = new Block(location, segment, new End(location.id(), null, () -> {}));
    block.lasting = segment;
    return block;
  }

  private Block(Location location, MemorySegment segment, End end) {
    this.location = location;
    this.segment = segment;
    this.end = CLEANER.register(this, end);
  }

  Location location() {
    return location;
  }

  /// The memory, while this is open and referred to.
  MemorySegment segment() {
    return segment;
  }

  /// The memory for somebody who may keep it longer than this.
  synchronized MemorySegment lasting() {
    requireOpen();
    if (lasting == null) {
      lasting = location.map(Arena.ofAuto());
    }
    return lasting;
  }

  boolean open() {
    return segment.scope().isAlive();
  }

  void requireOpen() {
    if (!open()) {
      throw closed();
    }
  }

  IllegalStateException closed() {
    return new IllegalStateException(
        "This shared memory of %,d bytes is closed. Close it after the last task that uses it."
            .formatted(location.bytes()));
  }

  void close() {
    end.clean();
  }

  /// A block, as long as somebody refers to it.
  private static final class Known extends WeakReference<Block> {
    Known(Block block) {
      super(block);
    }
  }

  /// What is left to do for a block.
  private record End(String id, @Nullable Arena arena, Storage.Release release)
      implements Runnable {
    @Override
    public void run() {
      KNOWN.computeIfPresent(id, (_, known) -> known.get() == null || arena != null ? null : known);
      try (arena) {
        release.release();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
