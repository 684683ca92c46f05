package io.fanwise.shared;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lets one thread in at a time, of all threads of all workers, first come first served. The one
/// that holds it may take it again. Made by [Shared#lock].
///
/// ```java
/// try (var holding = lock.hold()) {
///   if (holding.abandoned()) repair(file);
///   append(file);
/// }
/// ```
///
/// If the worker that holds it dies, it is released, and the next holder is told by
/// [Holding#abandoned]: what the lock protects may be half done. A task that returns without
/// closing its [Holding] does not release it, for the next task of that thread may go on with it:
/// so use `try`. Who waits in vain is told by [#holder], and by the message of the
/// [InterruptedException] that ends the waiting, who holds it and for how long.
///
/// Safe for use by many threads, in any JVM.
public final class SharedLock implements Serializable {
  private static final long serialVersionUID = 1;

  final transient Line line;

  SharedLock(Line line) {
    this.line = line;
  }

  /// Where it is travels, not what is in it.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return line.reference();
  }

  /// Waits until it is free, and takes it.
  ///
  /// @return to be closed, by the same thread, when it is to be released
  /// @throws InterruptedException if the calling thread is interrupted; then it does not hold it
  public Holding hold() throws InterruptedException {
    return new Holding(line, line.await(Verb.ACQUIRE, Line.FOREVER));
  }

  /// Takes it if it is free by then.
  ///
  /// @param patience how long to wait at most; zero is not at all
  /// @return to be closed, by the same thread, when it is to be released; empty if it was not free:
  ///   [#holder] says why
  /// @throws InterruptedException if the calling thread is interrupted; then it does not hold it
  public Optional<Holding> tryHold(Duration patience) throws InterruptedException {
    return Optional.ofNullable(line.await(Verb.ACQUIRE, Line.nanos(patience)))
        .map(how -> new Holding(line, how));
  }

  /// Runs something while holding it.
  ///
  /// @param <X> what that may throw
  /// @param body what to run
  /// @throws X what that threw
  /// @throws InterruptedException if the calling thread is interrupted while it waits; then nothing
  ///   was run
  public <X extends Exception> void locked(Body<X> body) throws X, InterruptedException {
    var holding = hold();
    try (holding) {
      body.run();
    }
  }

  /// Looks whether anybody holds it.
  ///
  /// @return whether it is held, at this moment
  public boolean held() {
    return line.yes(Verb.GET);
  }

  /// Who holds it: whom those wait for who wait.
  ///
  /// @return who, at this moment; empty if it is free
  public Optional<Holder> holder() {
    return line.call(Verb.HOLDER) instanceof Object[] found
            && found.length == 3
            && found[0] instanceof Parcel worker
            && found[1] instanceof Long thread
            && found[2] instanceof Long nanos
        ? Optional.of(new Holder(worker.value().toString(), thread, Duration.ofNanos(nanos)))
        : Optional.empty();
  }

  /// What it is and how it is at this moment; not how it is, if it lives in another JVM. Never
  /// waits.
  @Override
  public String toString() {
    return line.toString();
  }

  /// Who holds a lock. Immutable.
  ///
  /// @param worker the worker that the thread belongs to, or `this JVM` for that where the lock
  ///   lives
  /// @param thread the number of the thread there
  /// @param time for how long
  public record Holder(String worker, long thread, Duration time) {

    /// In words.
    @Override
    public String toString() {
      return "thread %d of %s for %.1f s".formatted(thread, worker, time.toMillis() / 1e3);
    }
  }

  /// Something to do while holding a lock.
  ///
  /// @param <X> what it may throw
  @FunctionalInterface
  public interface Body<X extends Exception> {

    /// Does it.
    ///
    /// @throws X whatever went wrong
    void run() throws X;
  }

  /// A lock that is held, until this is closed.
  ///
  /// Confined to the thread that took the lock.
  public static final class Holding implements AutoCloseable {
    private final Line line;
    private final boolean abandoned;
    private boolean released;

    private Holding(Line line, @Nullable Object how) {
      this.line = line;
      this.abandoned = Long.valueOf(LockState.TAKEN_FROM_THE_DEAD).equals(how);
    }

    /// Whether the one who held it before died while holding it, so that what it protects may be
    /// half done. Only the next holder is told.
    ///
    /// @return whether that is so
    public boolean abandoned() {
      return abandoned;
    }

    /// Releases it, once.
    ///
    /// @throws IllegalMonitorStateException if another thread took it
    @Override
    public void close() {
      if (!released) {
        line.call(Verb.RELEASE);
        released = true;
      }
    }
  }
}
