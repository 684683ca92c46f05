package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import io.fanwise.work.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes what has finished and makes it safe, on a thread of its own: outputs first, then the
/// journal says how far they got.
///
/// Guarded by `lock`, apart from what is gathered, which is confined to the caller's thread, and
/// from the outputs, the journal and the standing, which are confined to the thread that writes
/// while it runs.
final class Recorder implements AutoCloseable {
  /// What has finished is safe after so long: the more at a time, the less it costs.
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /// From this size on, the journal is replaced by one frame that says all.
  private static final long LONG_JOURNAL = 4 << 20;

  /// What is settled before a run begins.
  ///
  /// @param selection which inputs are run
  /// @param again whether what had failed is run again
  /// @param durability what a commit survives
  /// @param keys what an input is called, if it is, as JSON
  /// @param kept the results that are kept for equal inputs, if any are
  record How(
      Selection selection,
      boolean again,
      Durability durability,
      Function<Item, Optional<byte[]>> keys,
      Optional<KeptResults> kept) {}

  // WRITING ──▶ ENDING              (end() says that nothing more will come)
  // WRITING, ENDING ──▶ BROKEN      (something cannot be written, or close() came before end())
  private enum State {
    WRITING,
    ENDING,
    BROKEN
  }

  private final List<? extends Sink.Output> outputs;
  private final Letters letters;
  private final Journal journal;
  private final Standing standing;
  private final Bookmarks bookmarks;
  private final How how;
  private final Clock clock;
  private final boolean selective;
  private final boolean revisable;
  private final long patience;
  private final Thread writer = Thread.ofPlatform().name("fan-recorder").unstarted(this::write);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filling = lock.newCondition();
  private final Condition emptied = lock.newCondition();
  private final Haul gathered = new Haul();
  private Haul haul = new Haul();
  private Haul spare = new Haul();
  private State state = State.WRITING;
  private volatile Frame.Kind last = Frame.Kind.STEP;
  private @Nullable Throwable broken;
  private Runnable stop = () -> {};
  private long compacted;
  private long due;
  private final Writing writing;
  private volatile long safe;
  private volatile long bytes;
  private volatile @Nullable Instant committed;

  Recorder(
      List<? extends Sink.Output> outputs,
      Letters letters,
      Journal journal,
      Standing standing,
      Bookmarks bookmarks,
      How how,
      Clock clock) {
    this.outputs = outputs;
    this.letters = letters;
    this.journal = journal;
    this.standing = standing;
    this.bookmarks = bookmarks;
    this.how = how;
    this.clock = clock;
    this.writing =
        new Writing(outputs, letters, standing, how.keys(), clock, () -> commit(Frame.Kind.STEP));
    this.selective = outputs.stream().anyMatch(Sink.Selective.class::isInstance);
    this.revisable = outputs.stream().anyMatch(Sink.Revisable.class::isInstance);
    this.patience = patience(outputs);
    this.safe = standing.done();
    this.bytes = bytes(outputs);
    this.committed = standing.committed().orElse(null);
  }

  private static long bytes(List<? extends Sink.Output> outputs) {
    return outputs.stream().mapToLong(Sink.Output::bytes).sum();
  }

  private static long patience(List<? extends Sink.Output> outputs) {
    return outputs.stream()
        .mapToLong(output -> output.patience().toNanos())
        .reduce(PATIENCE_NANOS, Math::max);
  }

  /// Begins to write.
  ///
  /// @param whenBroken what to do when nothing can be written any more, besides refusing
  void start(Runnable whenBroken) {
    stop = whenBroken;
    writer.start();
  }

  /// Takes a result, to be written when it is handed over.
  ///
  /// @throws RunBroken if nothing can be written any more
  void add(Outcome.Done<Item, Object> done) {
    add(done.input().position(), selective ? done : done.result());
  }

  /// How much the outputs had at the last commit.
  long bytes() {
    return bytes;
  }

  /// The next input whose result was not taken by an output, and of which nobody has been told.
  @Nullable Refusal refusal() {
    return writing.refusal();
  }

  /// When the last commit was.
  Optional<Instant> committed() {
    return Optional.ofNullable(committed);
  }

  /// Takes a result, or a [DeadLetter], to be written when it is handed over.
  ///
  /// @throws RunBroken if nothing can be written any more
  void add(long position, Object encoded) {
    gathered.add(position, encoded);
    if (gathered.full()) {
      handOver();
    }
  }

  /// Has everything written that was taken so far. Waits while too much is waiting already.
  ///
  /// @throws RunBroken if nothing can be written any more
  void handOver() {
    lock.lock();
    try {
      while (haul.full() && state == State.WRITING) {
        emptied.awaitUninterruptibly();
      }
      requireSound();
      boolean first = haul.isEmpty();
      haul.add(gathered);
      gathered.clear();
      if (first || haul.full()) {
        filling.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Writes what is left, and says whether that was all.
  ///
  /// @param kind [Frame.Kind#END] if no input is left
  /// @throws RunBroken if it cannot be written
  void end(Frame.Kind kind) {
    handOver();
    lock.lock();
    try {
      requireSound();
      last = kind;
      state = State.ENDING;
      filling.signal();
    } finally {
      lock.unlock();
    }
    awaitWriter();
    lock.lock();
    try {
      requireSound();
    } finally {
      lock.unlock();
    }
  }

  /// Ends it without writing more.
  @Override
  public void close() {
    lock.lock();
    try {
      state = state == State.WRITING ? State.BROKEN : state;
      filling.signal();
    } finally {
      lock.unlock();
    }
    awaitWriter();
  }

  private void awaitWriter() {
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true; // what has finished is to be written all the same
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireSound() {
    if (broken != null) {
      throw new RunBroken(
          "Cannot write results or the state of the run: %s. %,d inputs are safe; run it again to go on."
              .formatted(reason(broken), safe),
          broken);
    }
  }

  private static String reason(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.toString() : message;
  }

  private void write() {
    try {
      State now = State.WRITING;
      while (now == State.WRITING) {
        now = await();
        if (now == State.BROKEN) {
          return;
        }
        Haul full = swap();
        writing.take(full);
        full.clear();
        boolean ending = now == State.ENDING;
        if (ending || untilCommit() <= 0) {
          commitWhatWaits(ending ? last : Frame.Kind.STEP);
        }
      }
    } catch (Throwable e) {
      lock.lock();
      try {
        broken = e;
        state = State.BROKEN;
        emptied.signal();
      } finally {
        lock.unlock();
      }
      stop.run();
    }
  }

  /// Waits until the haul is full, a commit is due, or nothing more will come.
  private State await() throws InterruptedException {
    lock.lock();
    try {
      while (haul.isEmpty() && nothingWaits() && state == State.WRITING) {
        filling.await();
      }
      if (nothingWaits()) {
        due = System.nanoTime() + patience;
      }
      long left = untilCommit();
      while (!haul.full() && state == State.WRITING && left > 0) {
        left = filling.awaitNanos(left);
      }
      return state;
    } finally {
      lock.unlock();
    }
  }

  private Haul swap() {
    lock.lock();
    try {
      Haul full = haul;
      haul = spare;
      spare = full;
      emptied.signal();
      return full;
    } finally {
      lock.unlock();
    }
  }

  private boolean nothingWaits() {
    return writing.nothingWaits();
  }

  /// Nanoseconds until what waits should be committed.
  private long untilCommit() {
    return due - System.nanoTime();
  }

  private void commitWhatWaits(Frame.Kind kind) throws IOException {
    if (kind == Frame.Kind.END && (how.again() || revisable)) {
      commit(Frame.Kind.STEP);
      revise();
    }
    if (!nothingWaits() || kind == Frame.Kind.END) {
      commit(kind);
    }
  }

  /// Takes out what is outdated by a later result.
  private void revise() throws IOException {
    if (how.again()) {
      letters.keepOnly(standing.failed());
    }
    for (Sink.Output output : outputs) {
      if (output instanceof Sink.Revisable revised) {
        revised.revise(standing.failed()::contains);
      }
    }
  }

  private void commit(Frame.Kind kind) throws IOException {
    List<String> marks = new ArrayList<>();
    for (Sink.Output output : outputs) {
      marks.add(output.commit());
    }
    marks.add(letters.commit());
    if (how.kept().isPresent()) {
      marks.add(how.kept().get().commit());
    }
    Instant now = clock.instant();
    Bookmark before = standing.bookmark();
    long number = standing.frames() + 1;
    Stretches done = writing.done();
    Stretches failed = writing.failed();
    long leftOut = writing.leftOut();
    standing.add(new Frame(number, now, marks, done, failed, before, kind, leftOut));
    standing.at(bookmarks.latest(before, standing.firstUnfinished(how.selection())));
    Frame frame = new Frame(number, now, marks, done, failed, standing.bookmark(), kind, leftOut);
    for (Sink.Output output : outputs) {
      if (output instanceof Sink.Transaction transaction) {
        transaction.seal(frame.bytes());
      }
    }
    journal.append(frame, how.durability());
    safe = standing.done();
    bytes = bytes(outputs);
    committed = now;
    writing.committed();
    // The frame that ends a run stays: one of the whole does not say so.
    if (kind == Frame.Kind.STEP && journal.size() > LONG_JOURNAL + 2 * compacted) {
      journal.replace(standing.whole(now), how.durability());
      compacted = journal.size();
    }
  }
}
