package io.fanwise.processes;

import io.fanwise.processes.worker.Control;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A worker's place in the pool: the thread that takes calls for it, for as long as there are any.
///
/// It packs a batch, sends it, waits for what comes of it and unpacks that; so this is done for all
/// workers at the same time. Confined to its thread, apart from what others ask of it.
final class Lane implements Runnable {
  /// Worth sending ahead: a batch that waits behind this much is not kept from an idle worker for
  /// long.
  private static final long SHORT_NANOS = 20_000_000;

  private final ProcessPool pool;
  private final int number;
  private final Thread thread;
  private final Exchange exchange;

  Lane(ProcessPool pool, int number) {
    this.pool = pool;
    this.number = number;
    this.exchange = new Exchange(pool, this);
    this.thread = new Thread(null, this, "fan-processes-" + number, 0, false);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  int number() {
    return number;
  }

  boolean isCurrent() {
    return Thread.currentThread().equals(thread);
  }

  @Override
  public void run() {
    try {
      while (step()) {
        // until there is no more work, or no worker
      }
    } finally {
      List<Sent> had = exchange.takeAll();
      pool.broken(this, had);
      exchange.dismiss();
      pool.gone(this);
    }
  }

  private boolean step() {
    exchange.retireIfWornOut();
    Sent next = next();
    if (next != null) {
      exchange.send(next);
    } else if (exchange.isIdle()) {
      return false;
    }
    if (!exchange.isIdle() && (next == null || !mayHaveAnother())) {
      exchange.receive();
    }
    return !exchange.isHopeless();
  }

  private @Nullable Sent next() {
    if (exchange.isIdle()) {
      Sent again = exchange.again();
      return again == null ? inTime(pool.take(this)) : again;
    }
    return mayHaveAnother() ? inTime(pool.takeAnother(this)) : null;
  }

  private boolean mayHaveAnother() {
    return exchange.lasted() < SHORT_NANOS && exchange.mayHaveAnother();
  }

  /// No more than the worker may still do; the rest comes back to the run, and goes to the next.
  private @Nullable Sent inTime(@Nullable Sent next) {
    int most = pool.backend().is().care().recycleAfter();
    if (next == null || most == 0) {
      return next;
    }
    Stint present = exchange.stint();
    int left = present == null ? most : present.left(most);
    if (next.size() <= left) {
      return next;
    }
    Sent part = next.atMost(left);
    pool.retaken(part, next);
    return part;
  }

  // ---- asked by others

  boolean hasWorker() {
    Stint present = exchange.stint();
    return present != null && present.isWorking();
  }

  /// Asks the worker to stop a batch; it is killed if that does not help.
  void cancel(Sent one) {
    pool.whileOut(
        one,
        () -> {
          Control page = control();
          if (page != null && one.number() > 0) {
            page.cancel(one.number());
          }
        });
    Warden.killUnlessHome(this, one);
  }

  /// Kills the worker over a batch, if that is still with it.
  void kill(Sent over, Sent.Ended why) {
    pool.whileOut(
        over,
        () -> {
          Stint present = exchange.stint();
          if (present != null) {
            over.ended(why);
            present.kill();
          }
        });
  }

  /// Takes a batch from the worker if that has not begun with it.
  boolean takeBack(Sent one) {
    Control page = control();
    return page != null && page.takeBack(one.number());
  }

  boolean isOut(Sent one) {
    return pool.isOut(one);
  }

  @Nullable Control control() {
    Stint present = exchange.stint();
    return present == null ? null : present.control();
  }
}
