package io.fanwise.processes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What a process prints, in a file: so that it never waits for a reader, and none need be there.
/// The file may be deleted at any time; what is in it stays until this is closed, or unreachable.
///
/// Safe for use by many threads: guarded by `this`.
final class Captured implements AutoCloseable {
  private static final int CHUNK = 8 * 1024;

  /// How often a reader that has seen everything looks again: nobody notices a delay like that.
  private static final long LOOK_MILLIS = 20;

  private final RandomAccessFile file; // not a channel: an interrupted reader would close it
  private boolean closed;

  Captured(Path log) throws IOException {
    this.file = new RandomAccessFile(log.toFile(), "r");
  }

  /// The lines, from the first one on.
  ///
  /// @param end completed when there will be no more
  Stream<String> lines(CompletableFuture<?> end) {
    return StreamSupport.stream(new Lines(end), false);
  }

  private synchronized int read(byte[] bytes, long from) throws IOException {
    if (closed) {
      throw new IllegalStateException(
          "the process is closed, and its output deleted; read it before");
    }
    file.seek(from);
    return file.read(bytes);
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      file.close();
    } catch (IOException e) {
      // gone either way
    }
  }

  /// One reader. Confined to its thread.
  private final class Lines extends Spliterators.AbstractSpliterator<String> {
    private final CompletableFuture<?> end;
    private final byte[] chunk = new byte[CHUNK];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long position;
    private int next;
    private int filled;

    Lines(CompletableFuture<?> end) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
      this.end = end;
    }

    @Override
    public boolean tryAdvance(Consumer<? super String> action) {
      while (!lineIsWhole()) {
        if (!fill()) {
          boolean some = line.size() > 0;
          if (some) {
            action.accept(taken());
          }
          return some;
        }
      }
      action.accept(taken());
      return true;
    }

    private boolean lineIsWhole() {
      while (next < filled) {
        byte one = chunk[next++];
        if (one == '\n') {
          return true;
        }
        line.write(one);
      }
      return false;
    }

    /// Waits for more; false if there will be none.
    private boolean fill() {
      while (true) {
        boolean last = end.isDone();
        int count = more();
        if (count > 0) {
          position += count;
          next = 0;
          filled = count;
          return true;
        }
        if (last) {
          return false;
        }
        pause();
      }
    }

    private int more() {
      try {
        return read(chunk, position);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void pause() {
      try {
        end.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        // time to look again
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted while reading the output of a process");
      }
    }

    private String taken() {
      String text = line.toString(StandardCharsets.UTF_8);
      line.reset();
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
  }
}
