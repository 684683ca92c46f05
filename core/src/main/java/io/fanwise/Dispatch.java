package io.fanwise;

import io.fanwise.spi.Call;
import io.fanwise.spi.Glimpse;
import io.fanwise.spi.Worker;
import io.fanwise.work.Attempts;
import io.fanwise.work.Batch;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A batch on its way to a worker and back to the run it belongs to.
///
/// Confined to the caller's thread, apart from what [Call] says, which is safe for use by many
/// threads: [#attempts] settles who stops whom, [#delivered] who brings the result.
final class Dispatch implements Call {
  private static final Batch.Result NOTHING_RAN =
      new Batch.Result(new Object[0], 0, 0, 0, new long[0], "");

  private final Batch batch;
  private final Attempts attempts;
  private final ScopedValue.Carrier bindings;
  private final @Nullable ClassLoader loader;
  private final Consumer<Dispatch> receiver;
  private final AtomicReference<Batch.@Nullable Result> delivered = new AtomicReference<>();
  private volatile @Nullable Glimpse elsewhere;
  private volatile @Nullable RuntimeException broken;

  /// When it was handed to the workers, if that matters, and when it came home.
  private long since;

  private long back;

  /// Where the batch's first input stands in its slot, and how often its inputs have been tried.
  final Slot slot;

  final int offset;
  final int attempt;

  /// The neighbours in [Arrivals] and in the list of those in flight.
  @Nullable Dispatch earlier;

  @Nullable Dispatch previous;
  @Nullable Dispatch next;

  Dispatch(Batch batch, Slot slot, int offset, int attempt, Bindings around) {
    this.batch = batch;
    this.attempts = new Attempts(batch);
    this.bindings = around.values();
    this.loader = around.loader();
    this.receiver = around.home();
    this.slot = slot;
    this.offset = offset;
    this.attempt = attempt;
  }

  /// What surrounds every batch of a run on its worker, and where it goes home to. Immutable.
  record Bindings(
      ScopedValue.Carrier values, @Nullable ClassLoader loader, Consumer<Dispatch> home) {}

  @Override
  public Batch batch() {
    return batch;
  }

  @Override
  public void run(Worker worker) {
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    boolean foreign = !Objects.equals(usual, loader);
    if (foreign) {
      thread.setContextClassLoader(loader);
    }
    Consumer<Batch.Result> whenAbandoned =
        worker.replaceable()
            ? soFar -> {
              try {
                worker.abandoned();
              } finally {
                done(soFar);
              }
            }
            : null;
    Batch.Result all = bindings.call(() -> attempts.run(worker.name(), whenAbandoned));
    if (foreign) {
      thread.setContextClassLoader(usual);
    }
    if (all != null && !worker.replaceable() && attempts.interruptedByOthers()) {
      thread.interrupt(); // it is the caller's own thread: the run must see it
    }
    if (all != null) {
      done(all);
    }
  }

  @Override
  public void done(Batch.Result outcome) {
    if (delivered.compareAndSet(null, outcome)) {
      back = since == 0 ? 0 : System.nanoTime();
      receiver.accept(this);
    }
  }

  @Override
  public void begun(Glimpse glimpse) {
    elsewhere = glimpse;
  }

  @Override
  public void failed(RuntimeException error) {
    broken = error;
    done(NOTHING_RAN);
  }

  @Override
  public void cancel() {
    if (attempts.cancel()) {
      done(NOTHING_RAN);
    }
  }

  /// Notes that it is handed to the workers now, by [System#nanoTime].
  long begins() {
    since = System.nanoTime() | 1; // 0 is for never
    return since;
  }

  long since() {
    return since;
  }

  /// When it came home, if it was noted when it was handed over.
  long back() {
    return back;
  }

  /// Whether a worker has begun with it, or it was cancelled.
  boolean began() {
    return attempts.running() >= 0 || elsewhere != null || home();
  }

  /// What is wrong with the workers; null if nothing is. Only after it has come home.
  @Nullable RuntimeException broken() {
    return broken;
  }

  /// Whether the result has been brought.
  boolean home() {
    return delivered.get() != null;
  }

  /// What came of the batch; only after it has come home.
  Batch.Result result() {
    return Objects.requireNonNull(delivered.get());
  }

  /// A glimpse of what the worker is at; null if it is not at work.
  Progress.@Nullable Busy busy(long now) {
    Glimpse there = elsewhere;
    return there == null
        ? busy(now, attempts.running(), attempts.worker(), attempts.since())
        : busy(now, there.offset(), there.worker(), there.since());
  }

  private Progress.@Nullable Busy busy(long now, int at, String worker, long since) {
    if (at < 0 || at >= batch.size()) {
      return null;
    }
    Duration busy = Duration.ofNanos(Math.max(0, now - since));
    return new Progress.Busy(worker, batch.first() + at, batch.input(at), busy);
  }
}
