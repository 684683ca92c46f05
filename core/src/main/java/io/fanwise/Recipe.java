package io.fanwise;

import io.fanwise.spi.Workers;
import io.fanwise.work.Batch;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a [Fan] consists of: where, and how. Immutable.
///
/// @param workers who does the work, started when first needed
/// @param batch inputs per batch; 0 to measure
/// @param ordered whether results come in the order of inputs
/// @param adaptive the fewest calls in flight if their number adapts; 0 for as many as there are
///   jobs
/// @param window how many inputs may be read ahead of what was handed on; 0 for the default
/// @param deadline of the whole run; zero for none
/// @param timeout per attempt; zero for none
/// @param grace how long a timed-out attempt may take to heed its interrupt
/// @param retry what to do about failures
/// @param breaks whether to pause while most attempts fail
/// @param rates how fast to start attempts; none for as fast as it goes
/// @param listener who wants to know the progress; null if nobody
/// @param carried scoped values to be bound again on the worker
record Recipe(
    Supplier<Workers> workers,
    int batch,
    boolean ordered,
    int adaptive,
    int window,
    Duration deadline,
    Duration timeout,
    Duration grace,
    Retry retry,
    boolean breaks,
    List<Rate> rates,
    @Nullable Consumer<? super Progress> listener,
    List<Carried.Key> carried) {

  /// How long a task that was interrupted has to tidy up: long enough to end a process politely.
  private static final Duration GRACE = Duration.ofSeconds(3);

  static Recipe on(Supplier<Workers> workers) {
    return new Recipe(
        workers,
        0,
        true,
        0,
        0,
        Duration.ZERO,
        Duration.ZERO,
        GRACE,
        Retry.NEVER,
        false,
        List.of(),
        null,
        List.of());
  }

  Recipe batch(int size) {
    return new Recipe(
        workers, size, ordered, adaptive, window, deadline, timeout, grace, retry, breaks, rates,
        listener, carried);
  }

  Recipe unordered() {
    return new Recipe(
        workers, batch, false, adaptive, window, deadline, timeout, grace, retry, breaks, rates,
        listener, carried);
  }

  Recipe adaptive(int atLeast) {
    return new Recipe(
        workers, batch, ordered, atLeast, window, deadline, timeout, grace, retry, breaks, rates,
        listener, carried);
  }

  Recipe window(int inputs) {
    return new Recipe(
        workers, batch, ordered, adaptive, inputs, deadline, timeout, grace, retry, breaks, rates,
        listener, carried);
  }

  Recipe deadline(Duration total) {
    return new Recipe(
        workers, batch, ordered, adaptive, window, total, timeout, grace, retry, breaks, rates,
        listener, carried);
  }

  Recipe timeout(Duration perAttempt, Duration heed) {
    return new Recipe(
        workers,
        batch,
        ordered,
        adaptive,
        window,
        deadline,
        perAttempt,
        heed,
        retry,
        breaks,
        rates,
        listener,
        carried);
  }

  Recipe retry(Retry policy) {
    return new Recipe(
        workers, batch, ordered, adaptive, window, deadline, timeout, grace, policy, breaks, rates,
        listener, carried);
  }

  Recipe breaking() {
    return new Recipe(
        workers, batch, ordered, adaptive, window, deadline, timeout, grace, retry, true, rates,
        listener, carried);
  }

  Recipe rates(List<Rate> limits) {
    return new Recipe(
        workers, batch, ordered, adaptive, window, deadline, timeout, grace, retry, breaks, limits,
        listener, carried);
  }

  Recipe progress(Consumer<? super Progress> told) {
    return new Recipe(
        workers, batch, ordered, adaptive, window, deadline, timeout, grace, retry, breaks, rates,
        told, carried);
  }

  Recipe carrying(List<Carried.Key> values) {
    return new Recipe(
        workers, batch, ordered, adaptive, window, deadline, timeout, grace, retry, breaks, rates,
        listener, values);
  }

  /// What of it gets to another JVM: how, but not where.
  ///
  /// @param batch inputs per batch
  /// @param ordered whether results come in the order of inputs
  /// @param window how many inputs may be read ahead
  /// @param deadline of the whole run
  /// @param timeout per attempt
  /// @param grace how long a timed-out attempt may take to heed its interrupt
  /// @param retry what to do about failures
  /// @param breaks whether to pause while most attempts fail
  /// @param rates how fast to start attempts
  record Abroad(
      int batch,
      boolean ordered,
      int window,
      Duration deadline,
      Duration timeout,
      Duration grace,
      Retry retry,
      boolean breaks,
      List<Rate> rates)
      implements Serializable {
    private Object readResolve() {
      return Fan.from(this);
    }
  }

  Abroad abroad() {
    return new Abroad(batch, ordered, window, deadline, timeout, grace, retry, breaks, rates);
  }

  /// The same workers, used like that.
  Recipe like(Abroad settings) {
    return new Recipe(
        workers,
        settings.batch,
        settings.ordered,
        0,
        settings.window,
        settings.deadline,
        settings.timeout,
        settings.grace,
        settings.retry,
        settings.breaks,
        settings.rates,
        null,
        List.of());
  }

  /// Whether there is nothing about it that needs more than a loop.
  boolean isPlain() {
    return deadline.isZero()
        && timeout.isZero()
        && retry.times() == 0
        && !breaks
        && rates.isEmpty()
        && listener == null;
  }

  /// The scoped values that are carried, and the ambient fan, to be bound elsewhere.
  @SuppressWarnings({"unchecked", "rawtypes"}) // a scoped value is bound to what it was bound to
  ScopedValue.Carrier bindings(Ambient ambient) {
    ScopedValue.Carrier carrier = ambient.bound();
    for (Carried.Key key : carried) {
      ScopedValue value = key.value();
      if (value.isBound()) {
        carrier = carrier.where(value, value.get());
      }
    }
    return carrier;
  }

  Batch.Rules rules(boolean timed, boolean failFast) {
    return new Batch.Rules(timeout, grace, timed, failFast && retry.times() == 0);
  }
}
