package io.fanwise.processes;

import io.fanwise.codec.Decoder;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Input;
import io.fanwise.codec.MalformedFrame;
import io.fanwise.codec.Output;
import io.fanwise.codec.Refused;
import io.fanwise.processes.worker.Broken;
import io.fanwise.processes.worker.Control;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Line;
import io.fanwise.processes.worker.Sending;
import io.fanwise.spi.Glimpse;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import io.fanwise.work.Inputs;
import io.fanwise.work.TaskTimedOut;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A worker's place in the pool: the thread that talks to it, and starts another when it is lost.
///
/// It packs a batch, sends it, waits for what comes of it and unpacks that; so this is done for all
/// workers at the same time. Confined to its thread, apart from [#worker] and [#doomed].
final class Lane implements Runnable {
  /// Worth sending ahead: a batch that waits behind this much is not kept from an idle worker for
  /// long.
  private static final long SHORT_NANOS = 20_000_000;

  /// How often it is asked how much memory the worker occupies, which takes some microseconds.
  private static final long WEIGH_NANOS = 100_000_000;

  private final ProcessPool pool;
  private final Care care;
  private final int number;
  private final Thread thread;
  private final Deque<Sent> out = new ArrayDeque<>();
  private final Deque<Sent> again = new ArrayDeque<>();
  private final Map<Long, WeakReference<Packed>> known = new HashMap<>();

  private volatile @Nullable WorkerJvm worker;

  /// Whether the worker was killed by us.
  private volatile boolean doomed;

  /// Whether the worker has done what comes before any task.
  private volatile boolean ready;

  private @Nullable Line line;
  private boolean hopeless;
  private int promised;
  private long weighed;
  private boolean heavy;
  private long unloaded;
  private long sent;
  private long lastNanos = Long.MAX_VALUE;

  Lane(ProcessPool pool, int number) {
    this.pool = pool;
    this.care = pool.backend().is().care();
    this.number = number;
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

  boolean hasWorker() {
    return worker != null && ready;
  }

  @Override
  public void run() {
    try {
      while (step()) {
        // until there is no more work, or no worker
      }
    } finally {
      List<Sent> had = new ArrayList<>(out);
      had.addAll(again);
      pool.broken(this, had);
      dismiss();
      pool.gone(this);
    }
  }

  private boolean step() {
    if (out.isEmpty() && isWornOut()) {
      retire();
    }
    Sent next = next();
    if (next == null && out.isEmpty()) {
      return false;
    }
    if (next != null) {
      send(next);
    }
    if (!out.isEmpty() && (next == null || !mayHaveAnother())) {
      receive();
    }
    return !hopeless;
  }

  private @Nullable Sent next() {
    if (out.isEmpty()) {
      return again.isEmpty() ? inTime(pool.take(this)) : again.poll();
    }
    return mayHaveAnother() ? inTime(pool.takeAnother(this)) : null;
  }

  private boolean mayHaveAnother() {
    return out.size() < Control.OUTSTANDING
        && lastNanos < SHORT_NANOS
        && again.isEmpty()
        && !isWornOut();
  }

  /// No more than the worker may still do; the rest comes back to the run, and goes to the next.
  private @Nullable Sent inTime(@Nullable Sent next) {
    int most = care.recycleAfter();
    if (next == null || most == 0) {
      return next;
    }
    int left = worker == null ? most : Math.max(1, most - promised);
    if (next.size() <= left) {
      return next;
    }
    Sent part = next.atMost(left);
    pool.retaken(part, next);
    return part;
  }

  private boolean isWornOut() {
    WorkerJvm present = worker;
    if (present == null) {
      return false;
    }
    if (care.recycleAfter() > 0 && promised >= care.recycleAfter()) {
      return true;
    }
    if (care.recycleAbove() > 0 && System.nanoTime() - weighed > WEIGH_NANOS) {
      weighed = System.nanoTime();
      heavy = present.residentBytes() > care.recycleAbove();
    }
    return heavy;
  }

  /// Another takes the worker's place; it has time to end.
  private void retire() {
    WorkerJvm present = worker;
    if (present != null) {
      sayBye();
      closeLine();
      worker = null;
      line = null;
      present.dismissedLater();
    }
  }

  // ---- there

  private void send(Sent next) {
    boolean begun = false;
    try {
      WorkerJvm to = worker();
      if (!pool.sending(next, sent + 1)) {
        pool.home(next);
        next.call().cancel();
        return;
      }
      sent++;
      begun = out.add(next);
      promised += next.size();
      Packed task = (Packed) next.call().batch().task();
      introduce(task);
      send(next, task);
      next.call().begun(new Looking(next, to.name(), to.control()));
      Warden.watch(this, next);
    } catch (IOException e) {
      if (!begun || out.contains(next)) {
        lost(next, e);
      }
    } catch (RuntimeException | Error e) {
      if (!begun || out.contains(next)) {
        failed(next, e);
      }
    }
  }

  private WorkerJvm worker() throws IOException {
    WorkerJvm present = worker;
    if (present != null && !(ready && out.isEmpty() && present.hasEnded())) {
      return present;
    }
    if (present != null) {
      present.close(line); // it was killed while it had nothing to do
      worker = null;
    }
    doomed = false;
    ready = false;
    promised = 0;
    heavy = false;
    known.clear();
    WorkerJvm started = started();
    worker = started;
    line = started.line();
    unloaded = Abroad.UNLOADED.count();
    pool.initializer().send(connection());
    return started;
  }

  private WorkerJvm started() throws IOException {
    try {
      return WorkerJvm.start(pool.backend());
    } catch (RuntimeException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Sends a task that the worker does not know, and lets it forget those that nobody needs.
  private void introduce(Packed task) throws IOException {
    if (known.containsKey(task.number())) {
      return;
    }
    for (Iterator<Map.Entry<Long, WeakReference<Packed>>> i = known.entrySet().iterator();
        i.hasNext(); ) {
      Map.Entry<Long, WeakReference<Packed>> entry = i.next();
      Packed before = entry.getValue().get();
      if (before == null || before.isOver()) {
        connection().begin(Frame.FORGET, null).i64(entry.getKey());
        connection().end();
        i.remove();
      }
    }
    unloaded = Abroad.UNLOADED.tell(connection(), unloaded, this::emptyHands);
    Output to = connection().begin(Frame.FUNCTION, this::emptyHands);
    to.i64(task.number());
    to.bytes(task.content(), 0, task.content().length);
    connection().end();
    known.put(task.number(), new WeakReference<>(task));
  }

  private void send(Sent next, Packed task) throws IOException {
    Batch batch = next.call().batch();
    Batch.Rules rules = batch.rules();
    Output to = connection().begin(Frame.BATCH, this::emptyHands);
    to.i64(next.number());
    to.i64(task.number());
    to.i64(batch.first());
    to.i64(rules.timeout().toNanos());
    to.i64(rules.grace().toNanos());
    Inputs inputs = batch.inputs();
    int flags =
        (rules.timed() ? Sending.TIMED : 0)
            | (rules.stopAtFailure() ? Sending.STOP_AT_FAILURE : 0)
            | (inputs instanceof Inputs.Numbers ? Sending.NUMBERS : 0);
    to.u8(flags);
    to.i32(next.size());
    if (inputs instanceof Inputs.Numbers numbers) {
      to.u8(numbers.type() == Inputs.NumberType.LONG ? 1 : 0);
      to.i64(numbers.first());
    } else {
      Object[] values = inputs instanceof Inputs.Listed(Object[] array) ? array : all(inputs);
      new Encoder(to, task.passage()).values(values, 0, next.size(), Broken.INSTEAD);
    }
    connection().end();
  }

  private static Object[] all(Inputs inputs) {
    Object[] all = new Object[inputs.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = inputs.get(i);
    }
    return all;
  }

  private Line connection() throws IOException {
    Line to = line;
    if (to == null) {
      throw new IOException("the worker is gone");
    }
    return to;
  }

  /// Before more is sent than fits between here and there: the worker may be sending as well, and
  /// would wait for us as we for it.
  private void emptyHands() {
    while (out.size() > 1) {
      receive(); // if the worker is lost over it, its line is closed, and sending fails as well
    }
  }

  // ---- and back

  private void receive() {
    Sent first = out.element();
    try {
      receiveOne();
    } catch (IOException e) {
      lost(null, e);
    } catch (RuntimeException | Error e) {
      failed(first, e);
    }
  }

  private void receiveOne() throws IOException {
    Line from = connection();
    int frame = from.next();
    Input in = from.content();
    switch (frame) {
      case Frame.READY -> {
        Object error = new Decoder(in, pool.initializer().passage()).value();
        if (error instanceof Throwable thrown) {
          throw new InitializerFailed(thrown);
        }
        ready = true;
      }
      case Frame.UNKNOWN -> {
        Sent first = first(in.i64());
        String text = in.string();
        out.remove(first);
        if (pool.keep(first)) {
          pool.home(first);
          first
              .call()
              .failed(
                  new IllegalArgumentException(
                      "Cannot rebuild the task in the other JVM: " + text));
        }
      }
      case Frame.RESULT -> result(in);
      default -> throw new MalformedFrame("a worker sent a frame of the unknown kind " + frame);
    }
  }

  private Sent first(long wanted) throws MalformedFrame {
    Sent first = out.peek();
    if (first == null || first.number() != wanted) {
      throw new MalformedFrame("a worker answered batch " + wanted + ", which it was not sent");
    }
    return first;
  }

  private void result(Input in) throws IOException {
    Sent first = first(in.i64());
    if (!pool.keep(first)) {
      out.remove(first);
      return;
    }
    boolean leaving = in.u8() != 0;
    int ran = in.i32();
    if (ran < 0 || ran > first.size() || (ran == 0 && !pool.isCancelled(first))) {
      throw new MalformedFrame(ran + " results of a batch of " + first.size());
    }
    long nanos = in.i64();
    int timed = in.i32();
    if (timed != 0 && timed != ran) {
      throw new MalformedFrame(timed + " durations of " + ran + " results");
    }
    long[] each = new long[timed];
    for (int i = 0; i < timed; i++) {
      each[i] = in.i64();
    }
    Object[] results =
        Frame.allThere(new Decoder(in, task(first).passage()).values(ran, AS_FAILURE));
    int failed = 0;
    for (Object result : results) {
      if (result instanceof Failure) {
        failed++;
      }
    }
    lastNanos = nanos;
    if (leaving && worker != null) {
      worker.partedFrom();
    }
    home(first);
    String by = worker == null ? "" : worker.name();
    first.call().done(first.with(new Batch.Result(results, ran, failed, nanos, each, by)));
    if (leaving) {
      replace();
    }
  }

  /// A result that cannot be rebuilt here.
  private static final Refused AS_FAILURE = (index, why) -> new Failure(why);

  private static Packed task(Sent sent) {
    return (Packed) sent.call().batch().task();
  }

  private void home(Sent first) {
    out.remove(first);
    pool.home(first);
  }

  // ---- the worker's end

  /// The worker is not to be trusted with anything more: what waits for it goes to others.
  private void replace() {
    WorkerJvm present = worker;
    if (present != null) {
      present.kill();
      present.close(line);
    }
    worker = null;
    line = null;
    out.forEach(pool::giveBack);
    out.clear();
  }

  /// Something here went wrong over a batch; what the worker has of it is unknown.
  private void failed(Sent over, Throwable error) {
    out.remove(over);
    if (pool.keep(over)) {
      pool.home(over);
      over.call().done(one(over, new Failure(error), worker == null ? "" : worker.name(), 0));
    }
    replace();
  }

  /// The worker is gone. The input that was at work has failed; everything else is run again.
  ///
  /// @param unsent what was being sent when that turned out; null if nothing was
  private void lost(@Nullable Sent unsent, IOException noticed) {
    IOException how = noticed;
    if (unsent != null && ready) {
      takeInTheRest();
    } else if (unsent != null && line != null && !(how instanceof InitializerFailed)) {
      how = whatItSaid(how);
    }
    WorkerJvm gone = worker;
    if (gone == null) {
      if (unsent != null && !ready) {
        hopeless = true;
        pool.cannotStart(
            this,
            unsent,
            new IllegalStateException("a worker JVM cannot be started: " + how.getMessage(), how));
      }
      return;
    }
    int code = how instanceof MalformedFrame ? gone.stopped() : gone.exitCode();
    gone.partedFrom();
    LastWords words = gone.lastWords();
    Control control = gone.control();
    boolean began = ready;
    boolean byUs = doomed;
    gone.close(line);
    worker = null;
    line = null;
    List<Sent> all = new ArrayList<>(out);
    out.clear();
    if (unsent != null && !all.contains(unsent)) {
      all.add(unsent);
    }
    if (!began && !byUs) {
      startFailed(all, startFailure(code, words, how));
      return;
    }
    WorkerLost error = words.of(gone.name(), code);
    if (code < 0) {
      error.initCause(how);
    }
    for (int i = 0; i < all.size(); i++) {
      if (pool.keep(all.get(i))) {
        settle(all.get(i), i == 0, control, error, byUs);
      }
    }
  }

  /// What a worker has sent before its end is still there to be read when nothing can be sent to it
  /// any more.
  private void takeInTheRest() {
    while (out.size() > 1) {
      Sent first = out.element();
      try {
        receiveOne();
      } catch (IOException e) {
        return;
      } catch (RuntimeException | Error e) {
        failed(first, e);
      }
    }
  }

  /// A worker that could not begin has said why, and gone, while we were still sending.
  private IOException whatItSaid(IOException noticed) {
    try {
      while (!ready) {
        receiveOne();
      }
    } catch (InitializerFailed e) {
      return e;
    } catch (IOException | RuntimeException e) {
      // it said nothing that could be understood
    }
    return noticed;
  }

  private void settle(Sent one, boolean first, Control control, WorkerLost error, boolean byUs) {
    boolean running = control.running() == one.number() && one.number() > 0;
    int at = control.offset();
    if (one.isCancelled()) {
      pool.home(one);
      one.call().done(NOTHING_RAN);
    } else if (running && at >= 0 && (!byUs || one.ended() != null)) {
      blame(
          one, Math.min(at, one.size() - 1), failure(one, error), error.worker(), control.since());
    } else if (one.ended() == null && (byUs || !first)) {
      pool.giveBack(one); // it was over another that the worker ended
    } else if (one.size() > 1 || one.strikes() == 0) {
      tryAgain(one, one.half());
    } else {
      blame(one, 0, failure(one, error), error.worker(), System.nanoTime());
    }
  }

  private static Failure failure(Sent one, WorkerLost error) {
    return one.ended() == Sent.Ended.TIMED_OUT
        ? new Failure(TaskTimedOut.killed(one.call().batch().rules().timeout(), error.worker()))
        : new Failure(error);
  }

  /// The input at `offset` has failed; those before it were done, but what came of them is lost.
  private void blame(Sent one, int offset, Failure failure, String worker, long since) {
    if (offset == 0) {
      pool.home(one);
      one.call().done(one(one, failure, worker, Math.max(0, System.nanoTime() - since)));
    } else {
      tryAgain(one, one.until(offset, failure, worker));
    }
  }

  private void tryAgain(Sent before, Sent next) {
    pool.retaken(next, before);
    again.add(next);
  }

  private static Batch.Result one(Sent sent, Failure failure, String worker, long nanos) {
    long[] each = sent.call().batch().rules().timed() ? new long[] {nanos} : new long[0];
    return new Batch.Result(new Object[] {failure}, 1, 1, nanos, each, worker);
  }

  private static final Batch.Result NOTHING_RAN =
      new Batch.Result(new Object[0], 0, 0, 0, new long[0], "");

  private void startFailed(List<Sent> all, RuntimeException error) {
    hopeless = true;
    all.addAll(again);
    again.clear();
    for (Sent rest : all.subList(1, all.size())) {
      pool.giveBack(rest);
    }
    pool.cannotStart(this, all.getFirst(), error);
  }

  private static RuntimeException startFailure(int code, LastWords words, IOException how) {
    if (how instanceof InitializerFailed failed) {
      return new IllegalStateException(
          "the initializer failed in a worker JVM: " + failed.getCause(), failed.getCause());
    }
    return new IllegalStateException(words.withoutBeginning(code, how), how);
  }

  /// The worker could not do what it was to do first.
  private static final class InitializerFailed extends IOException {
    private static final long serialVersionUID = 1;

    InitializerFailed(Throwable cause) {
      super(cause);
    }
  }

  /// The lane is not needed any more: the worker may go.
  private void dismiss() {
    WorkerJvm present = worker;
    if (present == null) {
      return;
    }
    sayBye();
    worker = null;
    closeLine();
    present.dismissed();
  }

  private void sayBye() {
    try {
      connection().begin(Frame.BYE, null);
      connection().end();
    } catch (IOException e) {
      // it has gone before
    }
  }

  private void closeLine() {
    Line open = line;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // gone either way
      }
    }
  }

  // ---- asked by others

  /// Asks the worker to stop a batch; it is killed if that does not help.
  void cancel(Sent one) {
    pool.whileOut(
        one,
        () -> {
          WorkerJvm present = worker;
          if (present != null && one.number() > 0) {
            present.control().cancel(one.number());
          }
        });
    Warden.killUnlessHome(this, one);
  }

  /// Kills the worker over a batch, if that is still with it.
  void kill(Sent over, Sent.Ended why) {
    pool.whileOut(
        over,
        () -> {
          WorkerJvm present = worker;
          if (present != null) {
            over.ended(why);
            doomed = true;
            present.kill();
          }
        });
  }

  /// Takes a batch from the worker if that has not begun with it.
  boolean takeBack(Sent one) {
    WorkerJvm present = worker;
    return present != null && present.control().takeBack(one.number());
  }

  boolean isOut(Sent one) {
    return pool.isOut(one);
  }

  /// How far a batch is.
  private record Looking(Sent sent, String worker, Control control) implements Glimpse {
    @Override
    public int offset() {
      return control.running() == sent.number() ? control.offset() : -1;
    }

    @Override
    public long since() {
      return control.since();
    }
  }

  @Nullable Control control() {
    WorkerJvm present = worker;
    return present == null ? null : present.control();
  }
}
