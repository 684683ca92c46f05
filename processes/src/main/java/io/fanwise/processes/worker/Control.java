package io.fanwise.processes.worker;

import io.fanwise.work.Attempts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A page of memory that a worker JVM and its parent both see: the worker writes down what it is
/// at, the parent what is to stop. It outlives the worker, so it tells what that one died of.
///
/// Safe for use by many threads; the worker writes some of it, the parent the rest. Who has a batch
/// that waits in the worker's hands they settle between them, by [#claim] and [#takeBack].
public final class Control implements Attempts.Gauge {
  /// How many batches a worker has at most: the one that runs and the next.
  public static final int OUTSTANDING = 2;

  /// What a task is called that is the only one there will be.
  public static final long ONLY = 1;

  private static final int BYTES = 4096;
  private static final int RUNNING = 0;
  private static final int OFFSET = 8;
  private static final int SINCE = 16;
  private static final int CANCELLED = 24;
  private static final int CLAIMED = CANCELLED + OUTSTANDING * Long.BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer page;

  private Control(ByteBuffer page) {
    this.page = page;
  }

  /// A page in a new file.
  ///
  /// @param file where it is, until it is opened
  /// @return the page, all zero
  /// @throws IOException if there is no room for it
  public static Control create(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(BYTES)); // room that is only promised would be a SIGBUS
      return map(channel);
    }
  }

  /// A page that the parent has made.
  ///
  /// @param file where it is
  /// @return the page
  /// @throws IOException if it is not there
  public static Control open(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return map(channel);
    }
  }

  /// Through a segment: without one, the JDK makes the buffer by reflection, which takes a JVM that
  /// has just started a fifth of its time.
  private static Control map(FileChannel channel) throws IOException {
    return new Control(
        channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, Arena.ofAuto()).asByteBuffer());
  }

  /// Says which batch is at work.
  ///
  /// @param batch its number, from 1; 0 when there is none
  void running(long batch) {
    LONGS.setOpaque(page, OFFSET, -1L);
    LONGS.setRelease(page, RUNNING, batch);
  }

  @Override
  public void begins(int offset, long since) {
    LONGS.setOpaque(page, OFFSET, (long) offset);
    LONGS.setOpaque(page, SINCE, since);
  }

  /// Which batch is at work.
  ///
  /// @return its number; 0 if none
  public long running() {
    return (long) LONGS.getAcquire(page, RUNNING);
  }

  /// Which of its inputs is at work.
  ///
  /// @return the offset in the batch; -1 before the first
  public int offset() {
    return (int) (long) LONGS.getOpaque(page, OFFSET);
  }

  /// Since when.
  ///
  /// @return a reading of [System#nanoTime], which all JVMs of a host share
  public long since() {
    return (long) LONGS.getOpaque(page, SINCE);
  }

  /// Asks the worker to stop a batch, or not to begin with it.
  ///
  /// @param batch its number
  public void cancel(long batch) {
    LONGS.setRelease(page, slot(CANCELLED, batch), batch);
  }

  boolean isCancelled(long batch) {
    return (long) LONGS.getAcquire(page, slot(CANCELLED, batch)) == batch;
  }

  /// The worker is about to begin with a batch.
  ///
  /// @param batch its number
  /// @return false if the parent has taken it back
  boolean claim(long batch) {
    int slot = slot(CLAIMED, batch);
    long before = (long) LONGS.getAcquire(page, slot);
    return before != -batch && LONGS.compareAndSet(page, slot, before, batch);
  }

  /// Takes a batch back with which the worker has not begun.
  ///
  /// @param batch its number
  /// @return false if it has
  public boolean takeBack(long batch) {
    int slot = slot(CLAIMED, batch);
    long before = (long) LONGS.getAcquire(page, slot);
    return before != batch && LONGS.compareAndSet(page, slot, before, -batch);
  }

  /// A batch is answered before another takes its place.
  private static int slot(int of, long batch) {
    return of + Long.BYTES * (int) (batch % OUTSTANDING);
  }
}
