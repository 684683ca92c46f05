package io.fanwise.pipeline;

import io.fanwise.Fan;
import io.fanwise.Progress;
import io.fanwise.TaskFailed;
import io.fanwise.work.Execution;
import io.fanwise.work.Outcome;
import io.fanwise.work.Outcome.Done;
import io.fanwise.work.Outcome.Failed;
import io.fanwise.work.Task;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One sitting of a run: takes in outcomes and hands them to the recorder, until no input is left,
/// or the run is given up. Confined to the caller's thread.
final class Sitting {
  private final Todo todo;
  private final Optional<? extends Distinct<?>> distinct;
  private final Intake intake;
  private final Recorder recorder;
  private final List<? extends Sink.Output> outputs;
  private final Watching watching;
  private final Supplier<OptionalLong> total;
  private final Before before;
  private final Function<Item, Optional<byte[]>> keys;
  private final Clock clock = Clock.systemUTC();
  private final Latencies latencies = new Latencies();
  private final long begun = System.nanoTime();
  private final Consumer<Outcome<Item, Object>> accept = this::accept;

  private long done;
  private long failed;

  /// How many of them the fan takes for done, as the task did its work.
  private long misfits;

  private long retried;
  private long pushedBack;
  private int limit;
  private long doneAside;
  private long failedAside;
  private boolean halted;
  private boolean complete;

  /// Who looks on, and when the run is given up.
  ///
  /// @param progress told how far it has come, a few times a second
  /// @param failures told of every input that fails
  /// @param halt when it is given up
  record Watching(
      Optional<Consumer<? super RunProgress>> progress,
      Optional<Consumer<? super FailedInput>> failures,
      Halt halt) {
    static final Watching NOTHING = new Watching(Optional.empty(), Optional.empty(), Halt.NEVER);

    Watching progress(Consumer<? super RunProgress> listener) {
      return new Watching(Optional.of(listener), failures, halt);
    }

    Watching failures(Consumer<? super FailedInput> listener) {
      return new Watching(progress, Optional.of(listener), halt);
    }

    Watching halt(Halt when) {
      return new Watching(progress, failures, when);
    }

    private boolean attentive() {
      return progress.isPresent() || !halt.equals(Halt.NEVER);
    }
  }

  /// How the run stood when the sitting began.
  ///
  /// @param done how many inputs were done
  /// @param failed how many had failed
  /// @param again whether those are run again
  record Before(long done, long failed, boolean again) {}

  /// @param distinct what knows of equal inputs, if that is asked for
  /// @param disks what is written to
  /// @param total how many inputs there are, as far as is known by now
  /// @param keys what an input is called, if it is, as JSON
  Sitting(
      Todo todo,
      Optional<? extends Distinct<?>> distinct,
      DiskRoom disks,
      Recorder recorder,
      List<? extends Sink.Output> outputs,
      Watching watching,
      Supplier<OptionalLong> total,
      Before before,
      Function<Item, Optional<byte[]>> keys) {
    this.todo = todo;
    this.distinct = distinct;
    distinct.ifPresent(each -> each.over(todo, this::aside));
    this.intake =
        new Intake(
            distinct.<Iterator<Item>>map(each -> each).orElse(todo), disks, HeapRoom.ofThisJvm());
    this.recorder = recorder;
    this.outputs = List.copyOf(outputs);
    this.watching = watching;
    this.total = total;
    this.before = before;
    this.keys = keys;
  }

  /// Runs what is left to its end, or to where it is given up.
  ///
  /// @param ordered whether outcomes have to come in the order of inputs
  void run(Fan fan, Task<Item, Object> step, boolean ordered) {
    try {
      pull(watching.attentive() ? fan.progress(this::tick) : fan, step, ordered);
    } catch (TaskFailed e) { // that others would fail too: any other failure is an outcome
      throw new RunStopped(e);
    } catch (CancellationException e) {
      if (!halted) {
        throw e;
      }
    } finally {
      if (halted) {
        Thread.interrupted(); // it came from here
      }
      recorder.end(complete ? Frame.Kind.END : Frame.Kind.STEP);
      hear();
    }
    todo.rethrow();
  }

  private void pull(Fan fan, Task<Item, Object> step, boolean ordered) {
    try (Stream<Outcome<Item, Object>> outcomes = fan.outcomes(intake, step)) {
      recorder.start(outcomes::close);
      Spliterator<Outcome<Item, Object>> each = outcomes.spliterator();
      if (ordered && !each.hasCharacteristics(Spliterator.ORDERED)) {
        throw new IllegalArgumentException(
            "the pipeline is ordered, but the fan is unordered: leave one of them out");
      }
      boolean more = true;
      while (more && !halted) {
        more = each.tryAdvance(accept);
        acceptAll(each.trySplit());
        recorder.handOver();
      }
      complete = !more && todo.exhausted();
    }
  }

  /// Takes in what came with the one that was waited for.
  private void acceptAll(@Nullable Spliterator<Outcome<Item, Object>> there) {
    boolean more = true;
    while (there != null && more && !halted) {
      more = there.tryAdvance(accept);
    }
  }

  private void accept(Outcome<Item, Object> outcome) {
    latencies.add(outcome.duration());
    intake.came();
    heedRefusals();
    if (distinct.isPresent()) {
      distinct.get().came(outcome, this::take);
    } else {
      take(outcome);
    }
  }

  /// Takes in what has come of an input that was not called.
  private void aside(Outcome<Item, Object> outcome) {
    switch (outcome) {
      case Done<Item, Object> _ -> doneAside++;
      case Failed<Item, Object> _ -> failedAside++;
    }
    take(outcome);
    recorder.handOver(); // the next input may be long in coming
  }

  private void take(Outcome<Item, Object> outcome) {
    switch (outcome) {
      case Done<Item, Object> result -> {
        try {
          recorder.add(completed(result));
          done++;
        } catch (Unfit e) {
          misfits++;
          failed(result.input(), e.reason, result.execution());
        }
      }
      case Failed(var item, var error, var execution) -> failed(item, error, execution);
    }
  }

  /// Counts results that outputs have not taken, and says so.
  private void heedRefusals() {
    if (hear() > 0) {
      heed(failed, done + failed);
    }
  }

  private long hear() {
    long heard = 0;
    for (Refusal each = recorder.refusal(); each != null; each = recorder.refusal()) {
      done--;
      misfits++;
      heard++;
      failed++;
      tell(each.item(), each.error(), each.execution());
    }
    return heard;
  }

  private void tell(Item item, Throwable error, Execution execution) {
    watching
        .failures()
        .ifPresent(listener ->
            listener.accept(new FailedInput(item.position(), item.raw(), error, execution)));
  }

  private void failed(Item item, Throwable error, Execution execution) {
    tell(item, error, execution);
    failed++;
    recorder.add(
        item.position(),
        DeadLetter.of(item, error, execution, keys.apply(item), clock.instant())
            .with(remains(error, execution)));
    heed(failed, done + failed);
  }

  /// A result that does not fit into an output.
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Exception reason;

    Unfit(Exception reason) {
      super(null, reason, false, false);
      this.reason = reason;
    }
  }

  private Done<Item, Object> completed(Done<Item, Object> result) throws Unfit {
    Object encoded = result.result();
    if (encoded instanceof LeftOut) {
      return result;
    }
    Execution execution = result.execution();
    try {
      if (outputs.size() == 1) {
        Object whole = outputs.getFirst().complete(encoded, execution);
        return whole.equals(encoded) ? result : new Done<>(result.input(), whole, execution);
      }
      Object[] each = (Object[]) encoded;
      for (int i = 0; i < each.length; i++) {
        each[i] = outputs.get(i).complete(each[i], execution);
      }
      return result;
    } catch (Exception e) {
      throw new Unfit(e);
    }
  }

  private @Nullable Object[] remains(Throwable error, Execution execution) {
    @Nullable Object[] remains = new Object[outputs.size()];
    for (int i = 0; i < remains.length; i++) {
      remains[i] = outputs.get(i).remains(error, execution).orElse(null);
    }
    return remains;
  }

  private void heed(long failures, long finished) {
    if (!halted && watching.halt().reached(failures, finished)) {
      switch (watching.halt().how()) {
        case NOW -> {
          halted = true;
          todo.end();
          Thread.currentThread().interrupt();
        }
        case SOON -> todo.end();
        case NEVER -> throw new AssertionError("halted for nothing");
      }
    }
  }

  private void tick(Progress progress) {
    retried = progress.retried();
    pushedBack = progress.pushedBack();
    limit = progress.limit() > 0 ? progress.limit() : limit;
    if (progress.finished()) {
      return; // the recorder is not at its end yet
    }
    heedRefusals();
    long called = progress.done() + progress.failed();
    long finished = called + doneAside + failedAside;
    heed(progress.failed() + failedAside + misfits, finished);
    long again = before.again() ? Math.min(before.failed(), finished) : 0;
    tell(
        before.done() + progress.done() + doneAside - misfits,
        before.failed() - again + progress.failed() + failedAside + misfits,
        progress.running().size(),
        progress.rate() * finished / Math.max(1, called),
        false);
  }

  /// Says how it ended, when everything is written that will be.
  void sumUp(Standing standing) {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
    double rate = (done + failed) * 1e9 / Math.max(1, elapsed.toNanos());
    tell(standing.done(), standing.failures(), 0, rate, true);
  }

  private void tell(long allDone, long allFailed, int running, double rate, boolean last) {
    watching
        .progress()
        .ifPresent(listener ->
            listener.accept(
                new RunProgress(
                    allDone,
                    allFailed,
                    before.done() + (before.again() ? 0 : before.failed()),
                    complete && last ? OptionalLong.of(allDone + allFailed) : total.get(),
                    retried,
                    pushedBack,
                    running,
                    limit,
                    rate,
                    Duration.ofNanos(System.nanoTime() - begun),
                    latencies.quantile(0.5),
                    latencies.quantile(0.99),
                    recorder.bytes(),
                    recorder.committed(),
                    last ? Optional.empty() : intake.paused(),
                    last)));
  }
}
