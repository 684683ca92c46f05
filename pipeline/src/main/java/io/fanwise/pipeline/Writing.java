package io.fanwise.pipeline;

import io.fanwise.work.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Gives outputs what has finished, and finds out what they do not take: such an input has failed,
/// and its result is in none of them.
///
/// What a table refuses is known only when the database has it. So tables come first, many results
/// at a time, and the other outputs get what stays. When the database refuses, what it got is taken
/// back and tried again in halves, down to the row that is at fault.
///
/// Confined to the thread that writes, apart from the refusals, which another one takes.
final class Writing {
  private final List<? extends Sink.Output> outputs;
  private final List<TableOutput> tables;
  private final List<Session> sessions;
  private final boolean choosy;
  private final Letters letters;
  private final Standing standing;
  private final Function<Item, Optional<byte[]>> keys;
  private final Clock clock;
  private final Commit commit;
  private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
  private Stretches done;
  private Stretches failed;
  private long leftOut;

  /// Whether tables have rows that are not safe yet.
  private boolean filled;

  /// Makes safe what was written.
  @FunctionalInterface
  interface Commit {
    void run() throws IOException;
  }

  Writing(
      List<? extends Sink.Output> outputs,
      Letters letters,
      Standing standing,
      Function<Item, Optional<byte[]>> keys,
      Clock clock,
      Commit commit) {
    this.outputs = outputs;
    this.tables =
        outputs.stream()
            .filter(TableOutput.class::isInstance)
            .map(TableOutput.class::cast)
            .toList();
    this.sessions = tables.stream().map(TableOutput::session).distinct().toList();
    this.choosy =
        outputs.stream()
            .anyMatch(
                output -> output instanceof Sink.Selective && !(output instanceof TableOutput));
    this.letters = letters;
    this.standing = standing;
    this.keys = keys;
    this.clock = clock;
    this.commit = commit;
    this.done = Stretches.ofShard(standing.shards());
    this.failed = Stretches.ofShard(standing.shards());
    this.leftOut = standing.leftOut();
  }

  /// Positions whose results are in the outputs since the last commit.
  Stretches done() {
    return done.inOrder();
  }

  /// Positions that have failed since then.
  Stretches failed() {
    return failed.inOrder();
  }

  /// How many of all that is done have no result.
  long leftOut() {
    return leftOut;
  }

  boolean nothingWaits() {
    return done.isEmpty() && failed.isEmpty();
  }

  /// Notes that everything is safe.
  void committed() {
    done = Stretches.ofShard(standing.shards());
    failed = Stretches.ofShard(standing.shards());
    filled = false;
  }

  /// The next refusal, once; null if there is none.
  @Nullable Refusal refusal() {
    return refusals.poll();
  }

  /// Writes what is in a haul.
  void take(Haul haul) throws IOException {
    if (sessions.isEmpty()) {
      for (int i = 0; i < haul.count(); i++) {
        take(haul, i, null);
      }
    } else {
      take(haul, 0, haul.count());
    }
  }

  /// Writes a part of a haul, of which the tables stay as they were or take what they admit.
  private void take(Haul haul, int from, int to) throws IOException {
    requireUndoable();
    Map<Integer, IllegalArgumentException> misfits = new HashMap<>();
    try {
      fillTables(haul, from, to, misfits);
    } catch (RowRefused e) {
      if (filled && !divisible()) {
        throw e; // what was written before would go as well
      }
      undo();
      if (to - from == 1) {
        take(haul, from, new IllegalArgumentException(e.getMessage(), e.getCause()));
      } else {
        int middle = (from + to) >>> 1;
        take(haul, from, middle);
        take(haul, middle, to);
      }
      return;
    }
    int before = misfits.size();
    for (int i = from; i < to; i++) {
      IllegalArgumentException misfit = take(haul, i, misfits.get(i));
      if (misfit != null) {
        misfits.put(i, misfit);
      }
    }
    if (misfits.size() > before) {
      undo();
      fillTables(haul, from, to, misfits);
    }
    for (Session session : sessions) {
      session.keep();
    }
  }

  private boolean divisible() {
    return sessions.stream().allMatch(Session::divisible);
  }

  /// What cannot be taken back in part is made safe before more comes that may have to be.
  private void requireUndoable() throws IOException {
    if (!filled) {
      return;
    }
    for (TableOutput table : tables) {
      if (!table.session().divisible() && (choosy || !table.permissive())) {
        commit.run();
        return;
      }
    }
  }

  /// Gives tables what all of them admit, but for what is known not to fit.
  private void fillTables(
      Haul haul, int from, int to, Map<Integer, IllegalArgumentException> misfits)
      throws IOException {
    boolean begun = false;
    for (int i = from; i < to; i++) {
      if (haul.result(i) instanceof Outcome.Done<?, ?> each
          && !(each.result() instanceof LeftOut)
          && !misfits.containsKey(i)) {
        IllegalArgumentException misfit = misfit(haul.from(i), each.result(), Stage.FIRST);
        if (misfit != null) {
          misfits.put(i, misfit);
          continue;
        }
        if (!begun) {
          begin(each.result());
          begun = true;
        }
        write(haul.from(i), each.result(), Stage.FIRST);
      }
    }
    for (TableOutput table : tables) {
      table.settle();
    }
    filled |= begun;
  }

  private void begin(Object result) throws IOException {
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i) instanceof TableOutput table) {
        table.prepare(part(result, i));
      }
    }
    for (Session session : sessions) {
      session.begin();
    }
  }

  private void undo() throws IOException {
    for (TableOutput table : tables) {
      table.forget();
    }
    for (Session session : sessions) {
      session.undo();
    }
  }

  /// Writes what has finished, but for tables, which have it already.
  ///
  /// @param known why a table does not take it, if that is so
  /// @return why some output does not take it
  private @Nullable IllegalArgumentException take(
      Haul haul, int i, @Nullable IllegalArgumentException known) throws IOException {
    long position = haul.from(i);
    switch (haul.result(i)) {
      case DeadLetter letter -> lose(position, letter);
      case LeftOut _ -> leaveOut(position);
      case Outcome.Done<?, ?> each when each.result() instanceof LeftOut -> leaveOut(position);
      case Outcome.Done<?, ?> each -> {
        IllegalArgumentException misfit =
            known == null ? misfit(position, each.result(), Stage.SECOND) : known;
        if (misfit == null) {
          write(position, each.result(), Stage.SECOND);
          done.add(position);
        } else {
          refuse(each, misfit);
        }
        return misfit;
      }
      case Object stretch -> {
        write(position, stretch, Stage.SECOND);
        done.add(position, haul.to(i));
      }
    }
    return null;
  }

  private void leaveOut(long position) {
    leftOut++;
    done.add(position);
  }

  private void lose(long position, DeadLetter letter) throws IOException {
    letters.write(position, letter.line());
    writeRemains(position, letter);
    failed.add(position);
  }

  private void refuse(Outcome.Done<?, ?> each, IllegalArgumentException why) throws IOException {
    Item item = (Item) each.input();
    lose(
        item.position(),
        DeadLetter.of(item, why, each.execution(), keys.apply(item), clock.instant()));
    refusals.add(new Refusal(item, why, each.execution()));
  }

  private @Nullable IllegalArgumentException misfit(long position, Object result, Stage stage) {
    try {
      for (int i = 0; i < outputs.size(); i++) {
        if (outputs.get(i) instanceof Sink.Selective output && stage.has(output)) {
          output.admit(position, part(result, i));
        }
      }
      return null;
    } catch (IllegalArgumentException e) {
      return e;
    }
  }

  private void write(long position, Object result, Stage stage) throws IOException {
    for (int i = 0; i < outputs.size(); i++) {
      if (stage.has(outputs.get(i))) {
        outputs.get(i).write(position, part(result, i));
      }
    }
  }

  /// What one of the encoders made of it.
  private Object part(Object result, int output) {
    return outputs.size() == 1 ? result : ((Object[]) result)[output];
  }

  /// An input that fails once more has left them already.
  private void writeRemains(long position, DeadLetter letter) throws IOException {
    for (int i = 0; i < outputs.size(); i++) {
      Object remains = letter.remains(i);
      if (remains != null && !standing.failed().contains(position)) {
        outputs.get(i).write(position, remains);
      }
    }
  }

  /// When an output gets a result.
  private enum Stage {
    /// Tables.
    FIRST,
    /// The others, once tables have taken it.
    SECOND;

    boolean has(Sink.Output output) {
      return this == FIRST == output instanceof TableOutput;
    }
  }
}
