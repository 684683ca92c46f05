package io.fanwise.cli.exec;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/// Brings [Thread#interrupt] to a thread that waits in the kernel: a descriptor that becomes ready
/// to read when the thread is interrupted. It rings once.
///
/// Only a channel is told by the JDK that its thread was interrupted, so this is one. Confined to
/// the thread that waits, apart from [#implCloseChannel], which whoever interrupts it calls.
final class Alarm extends AbstractInterruptibleChannel {
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment errno = arena.allocate(Libc.ERRNO);
  private final MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
  private final int descriptor;

  /// Rings by `descriptor`, which [Libc#event] has made.
  Alarm(int descriptor) {
    this.descriptor = descriptor;
  }

  int descriptor() {
    return descriptor;
  }

  /// Runs `wait`, which looks at the descriptor, and tells whether the thread was interrupted
  /// before or meanwhile.
  boolean rangDuring(Runnable wait) {
    try {
      begin();
      try {
        wait.run();
      } finally {
        end(true);
      }
      return false;
    } catch (ClosedByInterruptException interrupted) {
      return true;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /// Gives the descriptor back. Whoever is about to ring it has done so before, or never will.
  void release() {
    try {
      close();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    Libc.close(descriptor);
  }

  @Override
  protected void implCloseChannel() {
    Libc.write(errno, descriptor, one, JAVA_LONG.byteSize());
  }
}
