package io.fanwise.processes;

import io.fanwise.codec.Encoder;
import io.fanwise.codec.Output;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Line;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What a worker does before its first task. Immutable.
///
/// @param action an action on its name; null if there is nothing to do
/// @param serializer what is to be used for plain objects from then on; null for the JDK's
/// @param passage what surrounds it on its way
record Initializer(@Nullable Object action, @Nullable Object serializer, Abroad passage) {

  static Initializer of(Processes backend) {
    Object action = backend.is().initializer().orElse(null);
    return new Initializer(
        action,
        backend.is().serializer().orElse(null),
        Abroad.of(action == null ? "" : action, null));
  }

  void send(Line line) throws IOException {
    Output to = line.begin(Frame.START, null);
    to.i32(passage.number());
    Encoder encoder = new Encoder(to, passage);
    encoder.value(serializer);
    encoder.value(action);
    line.end();
  }
}
