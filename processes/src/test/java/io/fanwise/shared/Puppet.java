package io.fanwise.shared;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A thread that does what it is told, one thing after the other.
final class Puppet implements AutoCloseable {
  private final LinkedBlockingQueue<Runnable> deeds = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofPlatform().daemon().start(this::live);
  private volatile boolean ended;

  private void live() {
    while (!ended) {
      try {
        Runnable deed = deeds.take();
        // what came late for the one before
        Thread.interrupted();
        deed.run();
      } catch (InterruptedException e) {
        // the deed it was meant for is over
      }
    }
  }

  interface VoidDeed {
    void does() throws Exception;
  }

  Doing<Boolean> starts(VoidDeed deed) {
    return starts(() -> {
      deed.does();
      return true;
    });
  }

  <R> Doing<R> starts(Callable<R> deed) {
    var doing = new Doing<>(new FutureTask<>(deed), thread);
    deeds.add(doing.future);
    return doing;
  }

  @Override
  public void close() {
    ended = true;
    thread.interrupt();
  }

  /// What it does at the moment.
  record Doing<R>(FutureTask<R> future, Thread thread) {

    R get() throws ExecutionException, InterruptedException {
      try {
        return future.get(30, TimeUnit.SECONDS);
      } catch (java.util.concurrent.TimeoutException e) {
        throw new AssertionError("it still waits", e);
      }
    }

    void interrupt() {
      thread.interrupt();
    }

    /// Until a call waits at the object.
    void untilItWaitsFor(Object shared) {
      Resident resident = Home.HERE.find(Guest.reference(shared).id());
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> resident.waiting() > 0);
    }
  }
}
