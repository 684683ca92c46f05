package io.fanwise.processes;

import io.fanwise.spi.Call;
import io.fanwise.spi.Workers;
import io.fanwise.work.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Up to `jobs` worker JVMs, each with a thread here, its lane, that takes calls from one queue. A
/// lane starts when a call finds none idle, and ends, with its JVM, when it has been idle for a
/// while.
///
/// Everything mutable is guarded by `lock`, which is never held while a lane talks to its worker;
/// what workers do first by `packing`.
final class ProcessPool implements Workers {
  /// There and back between two processes that wait for each other: facts, 2; adr/0010.
  private static final Duration HAND_OVER = Duration.ofNanos(50_000);

  /// So long a batch may be behind another while a worker has nothing to do: a lane sends ahead
  /// what it expects to be no longer behind, and now and then is wrong.
  private static final long BEHIND_NANOS = 20_000_000;

  private final Processes.Description description;
  private final Processes backend;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition left = lock.newCondition();
  private final Deque<Call> waiting = new ArrayDeque<>();
  private final IdentityHashMap<Call, Sent> taken = new IdentityHashMap<>();
  private final Roster lanes = new Roster();
  private int idle;
  private boolean closed;

  private final Object packing = new Object();
  private @Nullable Initializer initializer;

  ProcessPool(Processes backend) {
    this.backend = backend;
    this.description = backend.is();
    Prelude.play();
  }

  Processes backend() {
    return backend;
  }

  @Override
  public int jobs() {
    return description.jobs();
  }

  /// One for each worker to have beside the one it runs, and one for its lane to take when that one
  /// is done.
  @Override
  public int prefetch() {
    return 2 * jobs();
  }

  @Override
  public Duration handOver() {
    return HAND_OVER;
  }

  @Override
  public boolean inThisJvm() {
    return false;
  }

  @Override
  public Task<?, ?> ready(Task<?, ?> task) {
    var _ = initializer(); // refused before anything starts, as the task is
    return Packed.of(task, description.serializer().orElse(null));
  }

  /// What each worker does first.
  Initializer initializer() {
    synchronized (packing) {
      Initializer first = initializer;
      if (first == null) {
        first = Initializer.of(backend);
        initializer = first;
      }
      return first;
    }
  }

  @Override
  public void over(Task<?, ?> ready) {
    if (ready instanceof Packed packed) {
      packed.close();
    }
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
      } else if (lanes.size() < jobs()) {
        lanes.start(this);
      }
    } finally {
      lock.unlock();
    }
  }

  /// A lane has ended, and so has its worker.
  void gone(Lane lane) {
    lock.lock();
    try {
      lanes.gone(lane);
      left.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A lane has come upon something that should not be: others take its place, and what it had.
  void broken(Lane lane, List<Sent> had) {
    lock.lock();
    try {
      if (!lanes.isWorking(lane)) {
        return; // it was struck off, as it should be
      }
      lanes.leave(lane);
    } finally {
      lock.unlock();
    }
    had.forEach(this::giveBack);
    lock.lock();
    try {
      if (!closed && !waiting.isEmpty() && lanes.size() < jobs()) {
        lanes.start(this);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The next call for a lane; waits for one.
  ///
  /// @return null if the lane is not needed any more, and has been struck off
  @Nullable Sent take(Lane lane) {
    lock.lock();
    try {
      long nanos = description.care().idle().toNanos();
      while (true) {
        Call call = waiting.poll();
        if (call != null) {
          return taken(call, lane);
        }
        if (closed || nanos <= 0) {
          lanes.leave(lane);
          return null;
        }
        Sent behind = longestBehind();
        long due = behind == null ? nanos : behind.behindSince() + BEHIND_NANOS - System.nanoTime();
        if (behind != null && due <= 0) {
          if (behind.lane().takeBack(behind)) {
            behind.unwatched();
            behind.takenBack();
            return taken(behind.call(), lane);
          }
          behind.kept(); // its worker has begun with it
          continue;
        }
        long most = Math.min(nanos, due);
        idle++;
        try {
          nanos -= most - work.awaitNanos(most);
        } catch (InterruptedException e) {
          // nobody who knows a lane interrupts it
        } finally {
          idle--;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Sent longestBehind() {
    Sent longest = null;
    for (Sent sent : taken.values()) {
      if (sent.isBehind() && (longest == null || sent.behindSince() - longest.behindSince() < 0)) {
        longest = sent;
      }
    }
    return longest;
  }

  /// The next call for a lane whose worker is busy, unless others wait for it. If that takes long,
  /// a lane with nothing to do takes it from there.
  @Nullable Sent takeAnother(Lane lane) {
    lock.lock();
    try {
      Call call = waiting.size() > idle ? waiting.poll() : null;
      if (call == null) {
        return null;
      }
      Sent sent = taken(call, lane);
      sent.behind(System.nanoTime());
      return sent;
    } finally {
      lock.unlock();
    }
  }

  /// A lane is about to do something about a call.
  ///
  /// @return false if another lane has taken it; otherwise none will
  boolean keep(Sent sent) {
    lock.lock();
    try {
      sent.kept();
      return !sent.isTakenBack();
    } finally {
      lock.unlock();
    }
  }

  private Sent taken(Call call, Lane lane) {
    Sent sent = Sent.all(call, lane);
    taken.put(call, sent);
    return sent;
  }

  /// A lane tries part of a call again.
  void retaken(Sent sent, Sent before) {
    lock.lock();
    try {
      if (before.isCancelled()) {
        sent.cancel();
      }
      before.unwatched();
      taken.put(sent.call(), sent);
    } finally {
      lock.unlock();
    }
  }

  /// A call is on its way to a worker.
  ///
  /// @return false if it was cancelled before
  boolean sending(Sent sent, long number) {
    lock.lock();
    try {
      if (sent.isCancelled()) {
        return false; // and the number is still to be had
      }
      sent.number(number);
      if (sent.isBehind() && idle > 0) {
        work.signal(); // so that somebody looks after it
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// A call is out of a lane's hands.
  void home(Sent sent) {
    lock.lock();
    try {
      sent.unwatched();
      taken.remove(sent.call());
    } finally {
      lock.unlock();
    }
  }

  /// Puts a call back that no worker has begun with.
  void giveBack(Sent sent) {
    boolean cancelled;
    lock.lock();
    try {
      if (sent.isTakenBack()) {
        return;
      }
      sent.unwatched();
      taken.remove(sent.call());
      cancelled = sent.isCancelled() || closed;
      if (!cancelled) {
        waiting.addFirst(sent.call());
        if (idle > 0) {
          work.signal();
        } else if (lanes.size() < jobs()) {
          lanes.start(this);
        }
      }
    } finally {
      lock.unlock();
    }
    if (cancelled) {
      sent.call().cancel();
    }
  }

  /// A lane cannot get a worker. While others have one, they do what there is; if not, nobody ever
  /// will.
  void cannotStart(Lane lane, Sent sent, RuntimeException error) {
    List<Call> hopeless = new ArrayList<>();
    lock.lock();
    try {
      lanes.leave(lane);
      sent.unwatched();
      taken.remove(sent.call());
      boolean othersWork = lanes.hasWorker();
      if (othersWork && !sent.isCancelled() && !closed) {
        waiting.addFirst(sent.call());
        work.signal();
        return;
      }
      hopeless.add(sent.call());
      if (!othersWork) {
        hopeless.addAll(waiting);
        waiting.clear();
      }
    } finally {
      lock.unlock();
    }
    hopeless.forEach(call -> call.failed(error));
  }

  @Override
  public void cancel(Call call) {
    Sent sent;
    lock.lock();
    try {
      sent = taken.get(call);
      if (sent == null && !waiting.remove(call)) {
        return; // it has come home
      }
      if (sent != null) {
        if (sent.isCancelled()) {
          return;
        }
        sent.cancel();
      }
    } finally {
      lock.unlock();
    }
    if (sent == null) {
      call.cancel();
    } else {
      sent.lane().cancel(sent);
    }
  }

  /// Whether a call is still in the hands of a lane, in this very form.
  boolean isOut(Sent sent) {
    lock.lock();
    try {
      return sent.equals(taken.get(sent.call()));
    } finally {
      lock.unlock();
    }
  }

  /// Whether somebody has cancelled a call, so that nothing of it need have been run.
  boolean isCancelled(Sent sent) {
    lock.lock();
    try {
      return sent.isCancelled();
    } finally {
      lock.unlock();
    }
  }

  /// Does something unless a call has come home; it cannot come home meanwhile.
  void whileOut(Sent sent, Runnable action) {
    lock.lock();
    try {
      if (sent.equals(taken.get(sent.call()))) {
        action.run();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<Call> all;
    lock.lock();
    try {
      closed = true;
      all = new ArrayList<>(waiting);
      all.addAll(taken.keySet());
      work.signalAll();
    } finally {
      lock.unlock();
    }
    all.forEach(this::cancel);
    lock.lock();
    try {
      while (!lanes.isEmptyButForMe()) {
        left.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    synchronized (packing) {
      if (initializer != null) {
        initializer.close();
        initializer = null;
      }
    }
  }
}
