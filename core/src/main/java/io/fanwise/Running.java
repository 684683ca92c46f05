package io.fanwise;

import static java.util.Objects.requireNonNull;

import io.fanwise.work.Task;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A run in the background: a future of all its results that can be watched and cancelled.
///
/// ```java
/// Running<Page> crawl =
///     Fan.virtualThreads(200)
///         .start(urls, Web::fetch)
///         .onDone(pages -> publish(pages))
///         .onFailed(error -> report(error));
/// crawl.progress().eta();
/// crawl.cancel();
/// ```
///
/// Safe for use by many threads.
///
/// @param <R> the type of results
public final class Running<R> implements Future<List<R>> {
  private static final AtomicLong COUNT = new AtomicLong();

  /// What [#get] and [#isDone] see; nobody depends on it.
  private final CompletableFuture<List<R>> all = new CompletableFuture<>();

  /// What others depend on: completed by the thread of the run, when everything has stopped.
  private final CompletableFuture<List<R>> told = new CompletableFuture<>();

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile Progress progress;
  private volatile @Nullable Pull run;

  private Running(Fan fan, Source source, Task<?, ? extends R> task, ScopedValue.Carrier bindings) {
    progress = nothingYet(source.size());
    Fan watched = fan.listening(now -> progress = now);
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("fan-run-" + COUNT.incrementAndGet())
            .unstarted(() -> bindings.run(() -> run(watched, source, task)));
  }

  static <R> Running<R> start(
      Fan fan, ScopedValue.Carrier bindings, Source source, Task<?, ? extends R> task) {
    Running<R> running = new Running<>(fan, source, task, bindings);
    running.thread.start();
    return running;
  }

  private void run(Fan fan, Source source, Task<?, ? extends R> task) {
    List<R> results = List.of();
    Throwable error = null;
    try {
      results = fan.collect(source, task, this::begun);
    } catch (Throwable e) {
      error = e;
    }
    run = null;
    if (error == null) {
      all.complete(results);
    } else {
      all.completeExceptionally(error);
    }
    stopped.countDown();
    tell();
  }

  private void begun(Pull pull) {
    run = pull;
    if (all.isDone()) {
      pull.cancel();
    }
  }

  private void tell() {
    CompletableFuture<List<R>> _ =
        all.whenComplete((results, error) -> {
          if (error == null) {
            told.complete(results);
          } else {
            told.completeExceptionally(error);
          }
        });
  }

  private static Progress nothingYet(long size) {
    OptionalLong total = size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
    return new Progress(0, 0, 0, 0, 0, total, Duration.ZERO, 0, List.of(), 0, 0, false);
  }

  /// How far it has come: the latest snapshot, a fraction of a second old.
  ///
  /// @return a snapshot; the last one when it has ended
  public Progress progress() {
    return progress;
  }

  /// Says what to do with the results, once they are all there; at once if they are. It is called
  /// on the thread of the run, or on this one.
  ///
  /// @param then what to do
  /// @return this
  public Running<R> onDone(Consumer<? super List<R>> then) {
    requireNonNull(then, "then");
    CompletableFuture<Void> _ = told.thenAccept(then);
    return this;
  }

  /// Says what to do if it fails: with [TaskFailed], with what the inputs threw, or with
  /// [CancellationException].
  ///
  /// @param then what to do
  /// @return this
  public Running<R> onFailed(Consumer<? super Throwable> then) {
    requireNonNull(then, "then");
    CompletableFuture<List<R>> _ =
        told.whenComplete((results, error) -> {
          if (error != null) {
            then.accept(error);
          }
        });
    return this;
  }

  /// Stops it: what runs is interrupted, nothing else is begun. Does not wait until it has stopped:
  /// that is what [#get] and [#join] do.
  ///
  /// @return false if it had ended before
  public boolean cancel() {
    return cancel(true);
  }

  /// The same as [#cancel()].
  ///
  /// @param mayInterruptIfRunning has no effect: there is nothing to cancel but what runs
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = all.completeExceptionally(new CancellationException("it was cancelled"));
    Pull running = run;
    if (cancelled) {
      if (running != null) {
        running.cancel();
      }
      thread.interrupt();
    }
    return cancelled;
  }

  /// Waits for all results.
  ///
  /// @return the results
  /// @throws TaskFailed if an input failed for good
  /// @throws CancellationException if it was cancelled; everything has stopped by then
  public List<R> join() {
    try {
      return all.join();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    } finally {
      awaitStop();
    }
  }

  /// Waits for all results.
  ///
  /// @throws ExecutionException if it failed; the cause says how
  /// @throws CancellationException if it was cancelled; everything has stopped by then
  @Override
  public List<R> get() throws InterruptedException, ExecutionException {
    try {
      return all.get();
    } finally {
      if (all.isDone()) {
        awaitStop();
      }
    }
  }

  @Override
  public List<R> get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return all.get(timeout, unit);
  }

  private void awaitStop() {
    boolean interrupted = false;
    while (!thread.equals(Thread.currentThread())) {
      try {
        stopped.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isCancelled() {
    return all.isCancelled();
  }

  @Override
  public boolean isDone() {
    return all.isDone();
  }

  /// The same future for those who compose them. Completing it has no effect on the run.
  ///
  /// @return a copy
  public CompletableFuture<List<R>> toCompletableFuture() {
    return told.copy();
  }
}
