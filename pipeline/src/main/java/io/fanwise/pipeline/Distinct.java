package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.spi.Inlet;
import io.fanwise.work.Execution;
import io.fanwise.work.Outcome;
import io.fanwise.work.Outcome.Done;
import io.fanwise.work.Outcome.Failed;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The inputs that are still to be done, without those that are equal to earlier ones: these get
/// what comes of the first of them, at once if that is known, or when it comes. They never reach
/// the workers.
///
/// In the order of inputs, all of them wait until those before them have come. Where too many wait,
/// no more is read before something has come.
///
/// Confined to the caller's thread.
///
/// @param <T> the type of inputs
final class Distinct<T> implements Inlet<Item>, Closeable {
  /// So many inputs are read and wait for others; they are in memory.
  private static final int MOST_WAITING = 1 << 16;

  /// After so many inputs that need no call, results are taken in first.
  private static final int AT_ONCE = 256;

  private static final long SOON_NANOS = 1;

  /// So many results are remembered that were asked for last, and only of such a size: 4 MB in all.
  private static final int RECENT = 1_000;

  private static final int SMALL = 4_096;

  private final Feed<T> reading;
  private final FirstStep<T, ?> step;
  private final Options.Order order;
  private final KeptResults results;

  /// Where the result of an input is kept, plus one; or the position of the first, minus one and
  /// negative, while that is under way.
  private final DigestIndex index;

  private final Map<Long, UnderWay> running = new LinkedHashMap<>();
  private final Map<Long, Object> recent = new LinkedHashMap<>(RECENT, 0.75f, true);
  private final Deque<Waiting> line = new ArrayDeque<>();
  private int waiting;
  private @Nullable Todo todo;
  private Consumer<Outcome<Item, Object>> aside = _ -> {};
  private @Nullable Item next;

  private Distinct(
      Feed<T> reading,
      FirstStep<T, ?> step,
      Options.Order order,
      KeptResults results,
      DigestIndex index) {
    this.reading = reading;
    this.step = step;
    this.order = order;
    this.results = results;
    this.index = index;
  }

  /// An input that is with the workers.
  ///
  /// @param digest what tells it from others; null if it equals no other
  /// @param equals those that wait for it
  private record UnderWay(@Nullable Digest digest, List<Item> equals) {}

  /// An input that waits for those before it.
  private sealed interface Waiting {
    Item item();

    /// It has a digest that is known.
    record Equal(Item item, Digest digest) implements Waiting {}

    /// It is not to be run.
    record Left(Item item) implements Waiting {}

    /// It could not be looked at.
    record Bad(Item item, Exception error) implements Waiting {}
  }

  /// Opens what is known by now.
  ///
  /// @param mark where the results stood at the last commit
  /// @param options whether what has failed before is to be run again, and in which order
  static <T> Distinct<T> open(
      Feed<T> reading,
      FirstStep<T, ?> step,
      RunFolder folder,
      Optional<String> mark,
      Options options)
      throws IOException {
    DigestIndex index = DigestIndex.open(folder.index());
    try {
      KeptResults results =
          KeptResults.open(
              folder.kept(),
              mark,
              options.durability,
              (entry, place) -> {
                if (entry.kind() == KeptResults.Kind.RESULT
                    || options.earlier == Options.Failures.LEFT) {
                  index.put(entry.digest(), place + 1);
                }
              });
      return new Distinct<>(reading, step, options.order, results, index);
    } catch (Throwable e) {
      index.close();
      throw e;
    }
  }

  /// What has come of inputs so far.
  KeptResults results() {
    return results;
  }

  /// Begins.
  ///
  /// @param inputs all inputs that are to be done
  /// @param listener told what has come of inputs that were not called
  void over(Todo inputs, Consumer<Outcome<Item, Object>> listener) {
    todo = inputs;
    aside = listener;
  }

  @Override
  public long untilNext() {
    for (int i = 0; next == null && i < AT_ONCE; i++) {
      if (waiting >= MOST_WAITING) {
        return AFTER_A_RESULT;
      }
      if (todo == null || !todo.hasNext()) {
        return 0;
      }
      look(todo.next());
    }
    return next == null ? SOON_NANOS : 0;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Item next() {
    Item item = next;
    if (item == null) {
      throw new NoSuchElementException("no more inputs");
    }
    next = null;
    return item;
  }

  /// Looks whether an input is the first of its kind.
  private void look(Item item) {
    Digest digest;
    try {
      T input = reading.source().decoder().run(item.raw());
      if (!reading.where().run(input)) {
        settle(new Waiting.Left(item));
        return;
      }
      digest = reading.sameness().of(input);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled = new CancellationException("interrupted at input " + item);
      cancelled.initCause(e);
      throw cancelled;
    } catch (Exception e) {
      settle(new Waiting.Bad(item, e));
      return;
    }
    if (digest != null && index.get(digest) != DigestIndex.NONE) {
      settle(new Waiting.Equal(item, digest));
    } else {
      begin(item, digest);
    }
  }

  private void begin(Item item, @Nullable Digest digest) {
    if (digest != null) {
      note(digest, -item.position() - 1);
    }
    running.put(item.position(), new UnderWay(digest, new ArrayList<>(0)));
    next = item;
  }

  private void settle(Waiting one) {
    if (order == Options.Order.OF_INPUTS) {
      if (running.isEmpty()) {
        answer(one);
      } else {
        line.add(one);
        waiting++;
      }
      return;
    }
    UnderWay first = one instanceof Waiting.Equal(_, var digest) ? underWay(digest) : null;
    if (first == null) {
      answer(one);
    } else {
      first.equals.add(one.item());
      waiting++;
    }
  }

  private @Nullable UnderWay underWay(Digest digest) {
    long number = index.get(digest);
    return number < 0 ? running.get(-number - 1) : null;
  }

  /// Takes in what a worker made of an input, and tells it, and what comes of others by that.
  void came(Outcome<Item, Object> outcome, Consumer<Outcome<Item, Object>> listener) {
    Item item = outcome.input();
    UnderWay first = running.remove(item.position());
    if (first == null) {
      throw new IllegalStateException("nobody has asked for input " + item.position());
    }
    switch (outcome) {
      case Done<Item, Object>(_, var result, var execution) -> {
        First both = (First) result;
        keep(first, KeptResults.Kind.RESULT, both.result());
        listener.accept(new Done<>(item, both.encoded(), execution));
      }
      case Failed<Item, Object> failed -> {
        listener.accept(failed);
        String why = "the equal input %d has failed: %s".formatted(item.position(), failed.error());
        keep(first, KeptResults.Kind.FAILURE, why.getBytes(UTF_8));
      }
    }
    waiting -= first.equals.size();
    Digest digest = first.digest;
    if (digest != null) {
      first.equals.forEach(equal -> answer(new Waiting.Equal(equal, digest)));
    }
    moveUp();
  }

  /// In the order of inputs, those before the first that is still under way have their turn.
  private void moveUp() {
    long head = running.isEmpty() ? Long.MAX_VALUE : running.keySet().iterator().next();
    while (!line.isEmpty() && line.element().item().position() < head) {
      waiting--;
      answer(line.remove());
    }
  }

  private KeptResults.Entry read(long place) {
    try {
      return results.at(place);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private void keep(UnderWay first, KeptResults.Kind kind, byte[] bytes) {
    if (first.digest == null) {
      return;
    }
    try {
      note(first.digest, results.add(new KeptResults.Entry(first.digest, kind, bytes)) + 1);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private void note(Digest digest, long number) {
    try {
      index.put(digest, number);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private static RunBroken broken(IOException e) {
    return new RunBroken(
        "Cannot keep results for equal inputs: %s. What was committed is safe; run it again to go on."
            .formatted(e.getMessage()),
        e);
  }

  private void answer(Waiting one) {
    Item item = one.item();
    Execution execution = new Execution(item.position(), 0, Duration.ZERO, "none");
    switch (one) {
      case Waiting.Left _ -> aside.accept(new Done<>(item, LeftOut.LEFT_OUT, execution));
      case Waiting.Bad(_, var error) -> aside.accept(new Failed<>(item, error, execution));
      case Waiting.Equal(_, var digest) -> aside.accept(outcome(item, digest, execution));
    }
  }

  private Outcome<Item, Object> outcome(Item item, Digest digest, Execution execution) {
    long place = index.get(digest) - 1;
    try {
      Object result = recent.get(place);
      if (result == null) {
        KeptResults.Entry entry = read(place);
        if (entry.kind() == KeptResults.Kind.FAILURE) {
          return new Failed<>(item, new EqualFailed(new String(entry.bytes(), UTF_8)), execution);
        }
        result = step.result(entry.bytes());
        if (entry.bytes().length <= SMALL) {
          remember(place, result);
        }
      }
      return new Done<>(item, step.encoded(item, result), execution);
    } catch (RunBroken e) {
      throw e;
    } catch (Exception e) {
      return new Failed<>(item, e, execution);
    }
  }

  private void remember(long place, Object result) {
    recent.put(place, result);
    if (recent.size() > RECENT) {
      recent.remove(recent.keySet().iterator().next());
    }
  }

  @Override
  public void close() throws IOException {
    try (index) {
      results.close();
    }
  }
}
