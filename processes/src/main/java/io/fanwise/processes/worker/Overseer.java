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
  private final Parent parent;
  private final Lines[] printed;
  private volatile @Nullable Watched watched;
  private volatile boolean asleep;

  /// What is at work.
  ///
  /// @param attempts what is to be stopped if that is asked; null if it cannot be
  private record Watched(@Nullable Attempts attempts, long batch) {
    static final Watched ANYTHING = new Watched(null, 0);

    void heed(Control control) {
      if (attempts != null && control.isCancelled(batch)) {
        attempts.cancel();
      }
    }
  }

  /// @param parent the one that started this JVM
  Overseer(Control control, Parent parent, Lines... printed) {
    super(null, null, "fan-overseer", 0, false);
    this.control = control;
    this.parent = parent;
    this.printed = printed;
    setDaemon(true);
  }

  /// Looks after a batch, from now on.
  void watch(Attempts attempts, long batch) {
    Watched now = new Watched(attempts, batch);
    watched = now;
    if (asleep) {
      LockSupport.unpark(this);
    }
    now.heed(control);
  }

  /// Code of the user's runs, or may run, that is no batch: only the parent is looked after.
  void watchParent() {
    watched = Watched.ANYTHING;
    if (asleep) {
      LockSupport.unpark(this);
    }
  }

  /// Nothing runs: the main thread will notice by itself if the parent goes.
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
      try {
        look(now, ++looks % PARENT == 0);
      } catch (Throwable e) {
        // no memory, because of what runs: that is over sooner or later, and this goes on
      }
    }
  }

  private void look(Watched at, boolean atParentToo) {
    at.heed(control);
    if (atParentToo && parent.isGone()) {
      Children.ofThisJvm().killBefore(ProcessHandle.current());
      parent.leave();
    }
    flush();
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
}
