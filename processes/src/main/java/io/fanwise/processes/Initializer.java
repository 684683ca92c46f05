package io.fanwise.processes;

import io.fanwise.codec.CannotTravel;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Output;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Line;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a worker does before its first task, with all that it captures, as it was when workers were
/// first asked for. Immutable, until it is closed.
final class Initializer implements AutoCloseable {
  private static final int BUFFER = 1024;

  private final byte[] content;
  private final String what;
  private final Abroad passage;

  private Initializer(byte[] content, String what, Abroad passage) {
    this.content = content;
    this.what = what;
    this.passage = passage;
  }

  /// Packs what workers do first, which may be nothing.
  ///
  /// @throws IllegalArgumentException if it captures something that cannot travel
  static Initializer of(Processes backend) {
    @Nullable Object action = backend.is().initializer().orElse(null);
    @Nullable Object serializer = backend.is().serializer().orElse(null);
    Abroad passage = Abroad.of(action == null ? "" : action, null);
    Gathered bytes = new Gathered();
    Output out = new Output(ByteBuffer.allocate(BUFFER), bytes);
    boolean packed = false;
    try {
      Encoder encoder = new Encoder(out, passage);
      out.i32(passage.number());
      value("serializer", serializer, encoder);
      passage.writeVariables(out, encoder);
      value("initializer", action, encoder);
      passage.writeVariables(out, encoder);
      passage.packed();
      out.flush();
      packed = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!packed) {
        passage.close();
      }
    }
    if (passage.isStale()) {
      passage.close();
      return of(backend);
    }
    String what = action == null ? "starting" : "initializer";
    return new Initializer(bytes.all(), what, passage);
  }

  private static void value(String what, @Nullable Object value, Encoder encoder)
      throws IOException {
    try {
      encoder.value(value);
    } catch (CannotTravel e) {
      throw new IllegalArgumentException(
          "Cannot send the " + what + " to another JVM: " + e.getMessage(), e);
    }
  }

  void send(Line line) throws IOException {
    line.begin(Frame.START, null).bytes(content, 0, content.length);
    line.end();
  }

  /// What a worker is at that has not done it yet, in a word.
  String what() {
    return what;
  }

  /// What surrounds what the worker says of it.
  Abroad passage() {
    return passage;
  }

  /// No worker will be started any more.
  @Override
  public void close() {
    passage.close();
  }
}
