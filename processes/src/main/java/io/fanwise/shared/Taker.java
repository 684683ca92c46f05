package io.fanwise.shared;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Takes one value after the other until none can come.
///
/// Confined to one thread.
final class Taker<T> implements Iterator<T> {
  private final Source<T> source;
  private @Nullable T next;

  /// Where they come from.
  @FunctionalInterface
  interface Source<T> extends Callable<T> {
    @Override
    T call() throws InterruptedException;
  }

  Taker(Source<T> source) {
    this.source = source;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = source.call();
      } catch (NoSuchElementException ended) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted while it waited for the next value");
      }
    }
    return true;
  }

  @Override
  public T next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("closed, and nothing is left");
    }
    T taken = next;
    next = null;
    return taken;
  }
}
