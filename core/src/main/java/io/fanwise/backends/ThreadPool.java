package io.fanwise.backends;

import io.fanwise.spi.Call;
import io.fanwise.spi.Worker;
import io.fanwise.spi.Workers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Up to `jobs` threads that take calls from one queue. A thread starts when a call finds none
/// idle, and ends when it has been idle for a while; so an unused pool holds no thread at all.
///
/// Everything mutable is guarded by `lock`, which is never held while user code runs.
final class ThreadPool implements Workers {
  private final int jobs;
  private final long idleNanos;
  private final Thread.Builder threads;
  private final String prefix;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private final Queue<Call> waiting = new ArrayDeque<>();
  private final Set<Seat> seats = new HashSet<>();
  private final Queue<Integer> freeNumbers = new PriorityQueue<>();
  private int idle;
  private int numbers;
  private boolean closed;

  ThreadPool(int jobs, long idleNanos, Thread.Builder threads, String prefix) {
    this.jobs = jobs;
    this.idleNanos = idleNanos;
    this.threads = threads;
    this.prefix = prefix;
  }

  @Override
  public int jobs() {
    return jobs;
  }

  @Override
  public void submit(Call call) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("these workers are closed");
      }
      waiting.add(call);
      if (waiting.size() <= idle) {
        work.signal();
      } else if (seats.size() < jobs) {
        startThreadFor(call);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Where no more threads can be had, those that there are will take it; if there are none, it is
  /// refused.
  private void startThreadFor(Call call) {
    try {
      startThread();
    } catch (OutOfMemoryError e) {
      if (seats.isEmpty()) {
        waiting.remove(call);
        throw e;
      }
    }
  }

  @Override
  public void close() {
    List<Call> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      left.addAll(waiting);
      waiting.clear();
      for (Seat seat : seats) {
        if (seat.running != null) {
          left.add(seat.running);
        }
      }
      work.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(Call::cancel);
    awaitEnd();
  }

  private void awaitEnd() {
    lock.lock();
    try {
      while (seats.stream().anyMatch(seat -> !seat.isCurrent())) {
        ended.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void startThread() {
    Integer free = freeNumbers.poll();
    Seat seat = new Seat(free != null ? free : ++numbers);
    seats.add(seat);
    boolean started = false;
    try {
      seat.thread = threads.unstarted(seat);
      seat.thread.setName(seat.name());
      seat.thread.start();
      started = true;
    } finally {
      if (!started) {
        leave(seat);
      }
    }
  }

  private void leave(Seat seat) {
    freeNumbers.add(seat.number);
    seats.remove(seat);
    seat.gone = true;
    ended.signalAll();
  }

  /// A worker's place in the pool, and its thread's life.
  private final class Seat implements Runnable, Worker {
    private final int number;
    private final String name;
    private @Nullable Thread thread;
    private @Nullable Call running;
    private boolean gone;

    Seat(int number) {
      this.number = number;
      this.name = prefix + number;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void run() {
      boolean usual = false;
      try {
        while (ranOne()) {
          // a method of its own, so that an idle thread holds on to nothing
        }
        usual = true;
      } finally {
        if (!usual) {
          giveWay();
        }
      }
    }

    private boolean ranOne() {
      Call call = next();
      if (call == null) {
        return false;
      }
      call.run(this);
      return true;
    }

    /// The next call; null when this thread is to end.
    private @Nullable Call next() {
      lock.lock();
      try {
        running = null;
        long nanos = idleNanos;
        while (!gone) {
          Call call = waiting.poll();
          if (call != null) {
            Thread.interrupted(); // whatever it was about, it is not about this call
            running = call;
            return call;
          }
          if (closed || nanos <= 0) {
            leave(this);
            return null;
          }
          idle++;
          try {
            nanos = work.awaitNanos(nanos);
          } catch (InterruptedException e) {
            // a task of the past interrupted its own thread: of no concern to the next
          } finally {
            idle--;
          }
        }
        return null;
      } finally {
        lock.unlock();
      }
    }

    private boolean isCurrent() {
      return Thread.currentThread().equals(thread);
    }

    @Override
    public void abandoned() {
      giveWay();
    }

    /// Leaves the seat for good, to another thread if there is work.
    private void giveWay() {
      lock.lock();
      try {
        gone = true;
        seats.remove(this); // its number is not used again, so that errors which name it stay true
        ended.signalAll();
        if (!closed && !waiting.isEmpty() && seats.size() < jobs) {
          startThread();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
