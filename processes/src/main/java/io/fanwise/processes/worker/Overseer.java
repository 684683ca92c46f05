package io.fanwise.processes.worker;

import io.fanwise.work.Attempts;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The thread of a worker JVM that looks whether what runs is to be stopped, and whether the parent
/// is still there: the main thread cannot, while it runs a task.
///
/// It sleeps and looks, since a thread that waited for the parent would make every exit of the JVM
/// take 0.3 s longer; and it sleeps for good while there is nothing to do.
final class Overseer extends Thread {
  private static final long LOOK_NANOS = 10_000_000;

  /// After so many looks at an idle worker it sleeps until there is work.
  private static final int PATIENCE = 20;

  /// Every so many looks at a busy one it asks for the parent, which costs some microseconds.
  private static final int PARENT = 25;

  private final Control control;
  private final long parent;
  private final Lines[] printed;
  private volatile @Nullable Watched watched;
  private volatile boolean asleep;

  private record Watched(Attempts attempts, long batch) {}

  /// @param parent the process that started this one
  Overseer(Control control, long parent, Lines... printed) {
    super(null, null, "fan-overseer", 0, false);
    this.control = control;
    this.parent = parent;
    this.printed = printed;
    setDaemon(true);
  }

  /// Looks after a batch, from now on.
  void watch(Attempts attempts, long batch) {
    watched = new Watched(attempts, batch);
    if (asleep) {
      LockSupport.unpark(this);
    }
    if (control.isCancelled(batch)) {
      attempts.cancel();
    }
  }

  /// The batch is over.
  void rest() {
    watched = null;
  }

  @Override
  public void run() {
    LockSupport.parkNanos(LOOK_NANOS); // the first result is more urgent than anything here
    InterruptKey.ignore();
    int idle = 0;
    int looks = 0;
    while (true) {
      LockSupport.parkNanos(LOOK_NANOS);
      Watched now = watched;
      if (now == null) {
        if (++idle >= PATIENCE) {
          sleepUntilThereIsWork();
          idle = 0;
        }
        continue;
      }
      idle = 0;
      flush();
      if (control.isCancelled(now.batch())) {
        now.attempts().cancel();
      }
      if (++looks % PARENT == 0 && parentIsGone()) {
        Runtime.getRuntime().halt(Exit.PARENT_GONE);
      }
    }
  }

  /// Who watches a long task wants to see what it prints.
  private void flush() {
    for (Lines lines : printed) {
      if (lines.isDirty()) {
        try {
          lines.flush();
        } catch (IOException e) {
          // the parent is going
        }
      }
    }
  }

  private void sleepUntilThereIsWork() {
    asleep = true;
    while (watched == null) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  /// A process whose parent is gone is somebody else's child.
  private boolean parentIsGone() {
    ProcessHandle now = ProcessHandle.current().parent().orElse(null);
    return now == null || now.pid() != parent;
  }
}
