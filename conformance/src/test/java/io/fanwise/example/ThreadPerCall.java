package io.fanwise.example;

import io.fanwise.spi.Backend;
import io.fanwise.spi.Call;
import io.fanwise.spi.Worker;
import io.fanwise.spi.Workers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

// @start region=backend
/// A backend of one's own, complete: a new thread for every call, so many at the same time.
///
/// @param jobs how many calls run at the same time
public record ThreadPerCall(int jobs) implements Backend {

  @Override
  public String name() {
    return "thread-per-call";
  }

  @Override
  public Workers start() {
    return new Running(jobs);
  }

  /// Guarded by its monitor, which is never held while a call runs or is cancelled.
  private static final class Running implements Workers {
    private final int jobs;
    private final Queue<Call> waiting = new ArrayDeque<>();
    private final Set<OneCall> running = new HashSet<>();
    private boolean closed;
    private int started;

    Running(int jobs) {
      this.jobs = jobs;
    }

    @Override
    public int jobs() {
      return jobs;
    }

    @Override
    public synchronized void submit(Call call) {
      if (closed) {
        throw new IllegalStateException("these workers are closed");
      }
      waiting.add(call);
      begin();
    }

    private void begin() {
      while (running.size() < jobs && !waiting.isEmpty()) {
        OneCall next = new OneCall("thread-per-call-" + ++started, waiting.remove());
        running.add(next);
        Thread.ofPlatform().daemon().name(next.name).start(next);
      }
    }

    private synchronized void ended(OneCall call) {
      running.remove(call);
      begin();
      notifyAll();
    }

    @Override
    public void close() {
      cancelAll().forEach(Call::cancel);
      awaitEnd();
    }

    private synchronized List<Call> cancelAll() {
      closed = true;
      List<Call> left = new ArrayList<>(waiting);
      waiting.clear();
      running.forEach(one -> left.add(one.call));
      return left;
    }

    private synchronized void awaitEnd() {
      boolean interrupted = false;
      while (!running.isEmpty()) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    /// A thread's whole life.
    private final class OneCall implements Runnable, Worker {
      private final String name;
      private final Call call;

      OneCall(String name, Call call) {
        this.name = name;
        this.call = call;
      }

      @Override
      public String name() {
        return name;
      }

      @Override
      public void run() {
        call.run(this);
        ended(this);
      }

      @Override
      public void abandoned() {
        ended(this);
      }
    }
  }
}
// @end
