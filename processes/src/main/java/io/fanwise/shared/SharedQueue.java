package io.fanwise.shared;

import java.io.Serializable;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What some workers put in others take out, in the same order, each value once. It holds so many,
/// then [#put] waits. Made by [Shared#queue].
///
/// ```java
/// for (var page : pages) index(page);   // until pages.close(), and nothing is left
/// ```
///
/// When a worker dies, what it put in stays in; what it was about to put in is not. What it took
/// out is gone, for nobody knows what it did with that; what had not been sent to it yet stays, in
/// its place at the head. If a value cannot be rebuilt where it was taken, it is gone too.
///
/// Safe for use by many threads, in any JVM.
///
/// @param <T> what goes through it
public final class SharedQueue<T> implements Iterable<T>, AutoCloseable, Serializable {
  private static final long serialVersionUID = 1;

  final transient Line line;

  SharedQueue(Line line) {
    this.line = line;
  }

  /// Where it is travels, not what is in it.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return line.reference();
  }

  /// Puts a value in, as soon as there is room.
  ///
  /// @param value the value
  /// @throws InterruptedException if the calling thread is interrupted; then it is not in it
  /// @throws IllegalStateException if the queue is closed, also while this waits
  public void put(T value) throws InterruptedException {
    line.await(Verb.PUT, Line.FOREVER, Parcel.of(Objects.requireNonNull(value, "value")));
  }

  /// Puts a value in if there is room by then.
  ///
  /// @param value the value
  /// @param patience how long to wait at most; zero is not at all
  /// @return whether it is in it
  /// @throws InterruptedException if the calling thread is interrupted; then it is not in it
  /// @throws IllegalStateException if the queue is closed, also while this waits
  public boolean offer(T value, Duration patience) throws InterruptedException {
    var parcel = Parcel.of(Objects.requireNonNull(value, "value"));
    return line.await(Verb.PUT, Line.nanos(patience), parcel) != null;
  }

  /// Takes the next value out, as soon as there is one.
  ///
  /// @return the value
  /// @throws InterruptedException if the calling thread is interrupted; then nothing was taken
  /// @throws NoSuchElementException if the queue is closed and nothing is left in it
  public T take() throws InterruptedException {
    return Objects.requireNonNull(opened(line.await(Verb.TAKE, Line.FOREVER)));
  }

  /// Takes the next value out if there is one by then.
  ///
  /// @param patience how long to wait at most; zero is not at all
  /// @return the value, or empty if none came
  /// @throws InterruptedException if the calling thread is interrupted; then nothing was taken
  /// @throws NoSuchElementException if the queue is closed and nothing is left in it
  public Optional<T> poll(Duration patience) throws InterruptedException {
    return Optional.ofNullable(opened(line.await(Verb.TAKE, Line.nanos(patience))));
  }

  // a queue gives what was put in, and that was a T
  @SuppressWarnings("unchecked")
  private @Nullable T opened(@Nullable Object answer) {
    return answer instanceof Parcel parcel ? (T) parcel.value() : null;
  }

  /// How many values are in it.
  ///
  /// @return that many, at this moment
  public long size() {
    return line.number(Verb.SIZE);
  }

  /// Whether it is closed and nothing is left in it.
  ///
  /// @return whether that is so
  public boolean ended() {
    return line.yes(Verb.ENDED);
  }

  /// Nothing more is put in. Who waits with [#put] is refused; what is in it can still be taken.
  @Override
  public void close() {
    line.call(Verb.CLOSE);
  }

  /// Takes values out until the queue is closed and nothing is left. Each goes to one iterator
  /// only, however many there are. [Iterator#hasNext] waits, takes and keeps the value for
  /// [Iterator#next]; if its thread is interrupted it throws
  /// [java.util.concurrent.CancellationException].
  @Override
  public Iterator<T> iterator() {
    return new Taker<>(this::take);
  }

  /// What it is and how it is at this moment; not how it is, if it lives in another JVM. Never
  /// waits.
  @Override
  public String toString() {
    return line.toString();
  }
}
