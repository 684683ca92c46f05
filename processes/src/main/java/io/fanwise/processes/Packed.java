package io.fanwise.processes;

import io.fanwise.codec.CannotTravel;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Output;
import io.fanwise.work.Serializer;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A task with all that it captures, as it was when the run began, until the run is over. Safe for
/// use by many threads.
@SuppressWarnings("serial") // its content travels, not the object
final class Packed implements Task<Object, Object>, AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final int BUFFER = 8 * 1024;

  private final long number = NUMBERS.incrementAndGet();
  private final Task<Object, Object> task;
  private final byte[] content;
  private final Abroad passage;
  private volatile boolean over;

  private Packed(Task<Object, Object> task, byte[] content, Abroad passage) {
    this.task = task;
    this.content = content;
    this.passage = passage;
  }

  /// Packs a task.
  ///
  /// @throws IllegalArgumentException if it captures something that cannot travel
  @SuppressWarnings("unchecked") // whoever made the run knows what it takes
  static Packed of(Task<?, ?> task, @Nullable Serializer serializer) {
    Abroad passage = Abroad.of(task, serializer);
    Gathered bytes = new Gathered();
    Output out = new Output(ByteBuffer.allocate(BUFFER), bytes);
    boolean packed = false;
    try {
      Encoder encoder = new Encoder(out, passage);
      out.i32(passage.number());
      passage.writeVariables(out, encoder); // before what may need them is rebuilt
      encoder.value(task);
      passage.writeVariables(out, encoder); // of classes that were met on the way
      passage.packed();
      out.flush();
      packed = true;
    } catch (CannotTravel e) {
      throw new IllegalArgumentException(
          "Cannot send the task to another JVM: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!packed) {
        passage.close();
      }
    }
    if (passage.isStale()) {
      passage.close();
      return of(task, serializer);
    }
    return new Packed((Task<Object, Object>) task, bytes.all(), passage);
  }

  /// The run is over: what it keeps in shared memory goes.
  @Override
  public void close() {
    over = true;
    passage.close();
  }

  /// Whether no worker needs it any more.
  boolean isOver() {
    return over;
  }

  /// It is on its way to a worker, which is busy with it now, so that there is time to look at it
  /// more closely.
  void sent() {
    Statics.tellOf(task);
  }

  long number() {
    return number;
  }

  byte[] content() {
    return content;
  }

  /// What surrounds its inputs and results on their way.
  Abroad passage() {
    return passage;
  }

  @Override
  public Object run(Object input) throws Exception {
    return task.run(input);
  }
}
