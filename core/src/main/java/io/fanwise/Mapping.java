package io.fanwise;

import io.fanwise.work.Inputs;
import java.util.ArrayDeque;
import java.util.function.Function;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/// A run that is pushed from upstream instead of reading its inputs. Confined to the thread of the
/// stream.
final class Mapping implements Source {
  private final Pull run;
  private final ArrayDeque<Object> pushed = new ArrayDeque<>();
  private boolean complete;

  Mapping(Function<Source, Pull> runs) {
    run = runs.apply(this);
  }

  /// Takes an element, hands it to the workers, and gives what has finished downstream. Waits only
  /// if the window is full.
  <T, R> boolean push(T element, Gatherer.Downstream<? super R> downstream) {
    if (element == null) {
      throw new NullPointerException(
          "an element is null; inputs must not be null, filter them out");
    }
    pushed.add(element);
    boolean wanted = give(run.next(() -> true), downstream);
    while (wanted && enough()) {
      wanted = give(run.next(() -> !enough()), downstream);
    }
    if (!wanted) {
      run.close();
    }
    return wanted;
  }

  private boolean enough() {
    return pushed.size() >= Math.max(1, run.appetite());
  }

  /// The stream has ended, or nobody wants more.
  <R> void flush(Gatherer.Downstream<? super R> downstream) {
    complete = true;
    boolean wanted = !downstream.isRejecting();
    while (wanted) {
      Pull.Results results = run.next();
      if (results == null) {
        return;
      }
      wanted = give(results, downstream);
    }
    run.close();
  }

  @SuppressWarnings("unchecked") // the run was made with a task of this type
  private <R> boolean give(
      Pull.@Nullable Results results, Gatherer.Downstream<? super R> downstream) {
    boolean given = false;
    try {
      if (results != null) {
        Object[] values = results.values();
        for (int i = 0; i < values.length; i++) {
          Object value = values[i];
          values[i] = results; // not held on to
          if (!downstream.push((R) value)) {
            given = true;
            return false;
          }
        }
      }
      given = true;
      return !downstream.isRejecting();
    } finally {
      if (!given) {
        run.close(); // what follows in the stream threw: nobody will say that no more is wanted
      }
    }
  }

  @Override
  public @Nullable Inputs take(int most) {
    Object[] some = new Object[Math.min(most, pushed.size())];
    for (int i = 0; i < some.length; i++) {
      some[i] = pushed.remove();
    }
    return some.length == 0 ? null : Inputs.of(some);
  }

  @Override
  public boolean holds(int inputs) {
    return complete || pushed.size() >= inputs;
  }

  @Override
  public boolean exhausted() {
    return complete && pushed.isEmpty();
  }

  @Override
  public long size() {
    return -1;
  }

  @Override
  public void close() {
    complete = true;
    pushed.clear();
  }
}
