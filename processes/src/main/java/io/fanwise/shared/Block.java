package io.fanwise.shared;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stretch of shared memory, as this JVM sees it: mapped once, however often word of it arrives.
/// Safe for use by many threads, as far as memory is: [SharedLongs] says what they see.
///
/// In the JVM that made it, it ends when it is closed, or when nobody refers to it any more. In
/// another one, it stays until nobody there refers to it.
final class Block {
  private static final Cleaner CLEANER = Cleaner.create();

  /// Those of this JVM. Guarded by itself.
  private static final Map<String, WeakReference<Block>> KNOWN = new HashMap<>();

  private final Location location;
  private final MemorySegment segment;
  private final Cleaner.Cleanable end;
  private @Nullable MemorySegment lasting;

  /// New memory, filled.
  static Block store(Storage storage, Access access, Content content) {
    Storage.Stored stored = storage.store(access, content);
    return own(stored.location(), stored);
  }

  /// A file that is there already.
  static Block open(Location location) {
    return own(location, null);
  }

  private static Block own(Location location, Storage.@Nullable Stored stored) {
    Arena arena = Arena.ofShared();
    var end = new End(location.id(), arena, stored);
    try {
      var block = new Block(location, location.map(arena), end);
      synchronized (KNOWN) {
        KNOWN.put(location.id(), new WeakReference<>(block));
      }
      return block;
    } catch (RuntimeException e) {
      end.run();
      throw e;
    }
  }

  /// The block that another JVM, or this one, has told of.
  static Block at(Location location) {
    synchronized (KNOWN) { // also while it is mapped, which is short
      WeakReference<Block> known = KNOWN.get(location.id());
      Block block = known == null ? null : known.get();
      if (block == null) {
        block = map(location);
        KNOWN.put(location.id(), new WeakReference<>(block));
      }
      return block;
    }
  }

  private static Block map(Location location) {
    // not closed by anybody, so the system may unmap it when the last segment of it is gone
    MemorySegment segment = location.map(Arena.ofAuto());
    var block = new Block(location, segment, new End(location.id(), null, null));
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

  /// What is left to do for a block.
  ///
  /// @param id its name
  /// @param arena what ends, if it is this JVM's
  /// @param stored what is given back, if this JVM made it
  private record End(String id, @Nullable Arena arena, Storage.@Nullable Stored stored)
      implements Runnable {
    @Override
    public void run() {
      synchronized (KNOWN) {
        WeakReference<Block> known = KNOWN.get(id);
        if (known != null && (arena != null || known.get() == null)) {
          KNOWN.remove(id);
        }
      }
      try (arena) {
        if (stored != null) {
          stored.close();
        }
      }
    }
  }
}
