package io.fanwise.shared;

import java.io.Serializable;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Two ends: what is sent at one is received at the other, both ways, in order. Made by
/// [Shared#pipe].
///
/// An end belongs to the workers where it arrived or that used it. When the last of them dies, that
/// end is closed: the other one receives what was sent before, and then that it has ended. A task
/// that is tried again needs a new pipe.
///
/// Safe for use by many threads, in any JVM.
///
/// @param <T> what goes through it
public final class SharedPipe<T> implements Serializable {
  private static final long serialVersionUID = 1;

  final transient Line line;

  SharedPipe(Line line) {
    this.line = line;
  }

  /// Where it is travels, not what is in it.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return line.reference();
  }

  /// One end.
  ///
  /// @return always the same
  public End<T> first() {
    return new End<>(line, 0);
  }

  /// The other end.
  ///
  /// @return always the same
  public End<T> second() {
    return new End<>(line, 1);
  }

  /// What it is and how it is at this moment; not how it is, if it lives in another JVM. Never
  /// waits.
  @Override
  public String toString() {
    return line.toString();
  }

  /// One end of a pipe.
  ///
  /// Safe for use by many threads, in any JVM.
  ///
  /// @param <T> what goes through it
  public static final class End<T> implements Iterable<T>, AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    final transient Line line;

    /// Which one, 0 or 1.
    final long side;

    private End(Line line, long side) {
      this.line = line;
      this.side = side;
    }

    /// Where it is travels, not what is in it.
    ///
    /// @return what stands for it
    private Object writeReplace() {
      Reference pipe = line.reference();
      return new Sent(pipe.home(), pipe.id(), side);
    }

    /// Sends a value to the other end; waits while a thousand are on their way there.
    ///
    /// @param value the value
    /// @throws InterruptedException if the calling thread is interrupted; then it is not sent
    /// @throws IllegalStateException if either end is closed
    public void send(T value) throws InterruptedException {
      var parcel = Parcel.of(Objects.requireNonNull(value, "value"));
      line.await(Verb.PUT, Line.FOREVER, side, parcel);
    }

    /// Waits for what the other end sends.
    ///
    /// @return the value
    /// @throws InterruptedException if the calling thread is interrupted; then nothing was received
    /// @throws NoSuchElementException if the other end is closed and all it sent has been received
    /// @throws IllegalStateException if this end is closed
    public T receive() throws InterruptedException {
      return Objects.requireNonNull(opened(line.await(Verb.TAKE, Line.FOREVER, side)));
    }

    /// Waits for what the other end sends, but not longer than that.
    ///
    /// @param patience how long to wait at most; zero is not at all
    /// @return the value, or empty if none came
    /// @throws InterruptedException if the calling thread is interrupted; then nothing was received
    /// @throws NoSuchElementException if the other end is closed and all it sent has been received
    /// @throws IllegalStateException if this end is closed
    public Optional<T> poll(Duration patience) throws InterruptedException {
      return Optional.ofNullable(opened(line.await(Verb.TAKE, Line.nanos(patience), side)));
    }

    // a pipe gives what was sent, and that was a T
    @SuppressWarnings("unchecked")
    private @Nullable T opened(@Nullable Object answer) {
      return answer instanceof Parcel parcel ? (T) parcel.value() : null;
    }

    /// Nothing more is sent or received here. The other end receives what was sent before.
    @Override
    public void close() {
      line.call(Verb.CLOSE, side);
    }

    /// Receives until the other end is closed and all it sent has been received. [Iterator#hasNext]
    /// waits, and throws [java.util.concurrent.CancellationException] if its thread is interrupted.
    @Override
    public Iterator<T> iterator() {
      return new Taker<>(this::receive);
    }

    /// Which end of which pipe it is, and as [SharedPipe#toString].
    @Override
    public String toString() {
      return (side == 0 ? "first" : "second") + " end of " + line;
    }
  }

  /// An end on its way. Where it arrives it says so, so that the pipe knows whose it is.
  ///
  /// @param home the JVM where the pipe lives
  /// @param id which one it is there
  /// @param side which end
  record Sent(long home, long id, long side) implements Serializable {
    /// The end, for the JDK's object streams.
    private Object readResolve() {
      return end();
    }

    /// The end, where it arrived.
    End<?> end() {
      var arrived = (SharedPipe<?>) Broker.arrived(new Reference(home, Kind.PIPE, id));
      arrived.line.call(Verb.HOLD, side);
      return new End<>(arrived.line, side);
    }
  }
}
