package io.fanwise.processes;

import io.fanwise.processes.worker.Control;
import io.fanwise.processes.worker.Line;
import io.fanwise.spi.Glimpse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One worker's time in a lane, from its start to its end: the JVM, what it has been sent and has
/// not answered, and how long it may stay.
///
/// Confined to the lane's thread, apart from [#kill], [#control] and what it is known to be by.
final class Stint {
  /// How often it is asked how much memory the worker occupies, which takes some microseconds.
  private static final long WEIGH_NANOS = 100_000_000;

  private final ProcessPool pool;
  private final Care care;
  private final WorkerJvm worker;
  private final Deque<Sent> out = new ArrayDeque<>();
  private volatile State state = State.STARTING;

  /// By us, so that its end says nothing of the task.
  private volatile boolean killed;

  private @Nullable Line line;
  private @Nullable Orders orders;
  private @Nullable Answers answers;
  private long lasted = Long.MAX_VALUE;
  private volatile long connected;
  private volatile String preparing = "";
  private int promised;
  private long weighed;
  private boolean heavy;

  // STARTING ──▶ WORKING ──▶ OVER
  //     └───────────────────▲
  // begun() when it says that it is ready; leave() when it is not needed any more, end() when it is
  // gone or must go. Whoever kills it does not move it: the lane does, when it notices.
  private enum State {
    STARTING,
    WORKING,
    OVER
  }

  private Stint(ProcessPool pool, WorkerJvm worker) {
    this.pool = pool;
    this.care = pool.backend().is().care();
    this.worker = worker;
  }

  /// Starts a worker; does not wait for it.
  static Stint start(ProcessPool pool) throws IOException {
    try {
      return new Stint(pool, WorkerJvm.start(pool.backend()));
    } catch (RuntimeException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Waits until the worker has connected, and tells it what to do before any task.
  ///
  /// @param beforeLarge called before more is sent than fits between here and there
  void connect(Runnable beforeLarge) throws IOException {
    Line open = worker.line();
    line = open;
    connected = System.nanoTime();
    orders = new Orders(open, beforeLarge);
    answers = new Answers(pool, this, open);
    Initializer first = pool.initializer();
    preparing = name() + " (" + first.what() + ")";
    first.send(open);
  }

  /// It has done what comes before any task.
  void begun() {
    state = State.WORKING;
  }

  boolean isStarting() {
    return state == State.STARTING;
  }

  boolean isWorking() {
    return state == State.WORKING;
  }

  /// A worker that could not begin has said why, and gone, while something was still being sent.
  ///
  /// @return that, or else what was noticed of its end
  IOException whyItCouldNotBegin(IOException noticed) {
    if (line == null || noticed instanceof InitializerFailed) {
      return noticed;
    }
    try {
      while (isStarting()) {
        receive();
      }
    } catch (InitializerFailed e) {
      return e;
    } catch (IOException | RuntimeException e) {
      // it said nothing that could be understood
    }
    return noticed;
  }

  /// Whether it was killed while it had nothing to do.
  boolean endedIdly() {
    return isWorking() && out.isEmpty() && worker.hasEnded();
  }

  // ---- what it has

  /// It has a batch from now on, whether that is sent or not.
  void takes(Sent next) {
    out.add(next);
    promised += next.size();
  }

  /// Sends a batch that it has.
  void send(Sent next) throws IOException {
    if (orders == null) {
      throw new IOException("the worker is gone");
    }
    orders.send(next);
  }

  /// Waits for what it says next.
  Answers.Kind receive() throws IOException {
    if (answers == null) {
      throw new IOException("the worker is gone");
    }
    return answers.next();
  }

  /// A batch is out of its hands.
  void answered(Sent one) {
    out.remove(one);
  }

  /// A batch has taken it so long.
  void lasted(long nanos) {
    lasted = nanos;
  }

  /// How long its last batch has taken.
  ///
  /// @return nanoseconds; [Long#MAX_VALUE] before the first
  long lasted() {
    return lasted;
  }

  /// The batch that it answers next; null if there is none.
  @Nullable Sent oldest() {
    return out.peek();
  }

  boolean has(Sent one) {
    return out.contains(one);
  }

  /// How many batches it has.
  int size() {
    return out.size();
  }

  /// Takes from it what it has, the oldest first.
  List<Sent> takeAll() {
    List<Sent> all = List.copyOf(out);
    out.clear();
    return all;
  }

  // ---- how long it stays

  /// How many inputs more it is to get, if a worker gets no more than `most`.
  int left(int most) {
    return Math.max(1, most - promised);
  }

  /// Whether another is to take its place.
  boolean isWornOut() {
    if (care.recycleAfter() > 0 && promised >= care.recycleAfter()) {
      return true;
    }
    if (care.recycleAbove() > 0 && System.nanoTime() - weighed > WEIGH_NANOS) {
      weighed = System.nanoTime();
      heavy = worker.residentBytes() > care.recycleAbove();
    }
    return heavy;
  }

  /// It is not needed any more: it is told so, and has time to end.
  ///
  /// @return the worker, which is to be waited for or not
  WorkerJvm leave() {
    worker.leaves();
    try {
      if (orders != null) {
        orders.bye();
      }
    } catch (IOException e) {
      // it has gone before
    }
    state = State.OVER;
    try {
      if (line != null) {
        line.close();
      }
    } catch (IOException e) {
      // gone either way
    }
    return worker;
  }

  /// What it shared is not shared with it any more: before anybody learns of its end.
  void partedFrom() {
    worker.partedFrom();
  }

  /// It has ended, or is killed now.
  void end() {
    state = State.OVER;
    worker.close(line);
  }

  // ---- asked by others

  String name() {
    return worker.name();
  }

  WorkerJvm worker() {
    return worker;
  }

  Control control() {
    return worker.control();
  }

  /// Ends it, since somebody does not wait for it any longer.
  void kill() {
    killed = true;
    worker.kill();
  }

  boolean wasKilled() {
    return killed;
  }

  /// How far a batch is that it has.
  Glimpse glimpse(Sent one) {
    return one.equals(oldest()) ? new Awaiting(one) : new Looking(one);
  }

  /// A batch that has its turn as soon as the worker is ready for any.
  private final class Awaiting implements Glimpse {
    private final Looking then;

    Awaiting(Sent one) {
      then = new Looking(one);
    }

    @Override
    public String worker() {
      return isStarting() ? preparing : name();
    }

    @Override
    public int offset() {
      return isStarting() ? 0 : then.offset();
    }

    @Override
    public long since() {
      return isStarting() ? connected : then.since();
    }
  }

  private final class Looking implements Glimpse {
    private final Sent sent;

    Looking(Sent sent) {
      this.sent = sent;
    }

    @Override
    public String worker() {
      return name();
    }

    @Override
    public int offset() {
      Control control = control();
      return control.running() == sent.number() ? control.offset() : -1;
    }

    @Override
    public long since() {
      return control().since();
    }
  }
}
