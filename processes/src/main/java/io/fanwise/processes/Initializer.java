package io.fanwise.processes;

import io.fanwise.codec.Encoder;
import io.fanwise.codec.Output;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Line;
import java.io.IOException;

/// What a worker does before its first task. Immutable.
///
/// @param action an action on its name; null if there is nothing to do
/// @param passage what surrounds it on its way
record Initializer(@org.jspecify.annotations.Nullable Object action, Abroad passage) {

  static Initializer of(Processes backend) {
    Object action = backend.is().initializer().orElse(null);
    return new Initializer(action, Abroad.of(action == null ? "" : action));
  }

  void send(Line line) throws IOException {
    Output to = line.begin(Frame.START, null);
    to.i32(passage.number());
    new Encoder(to, passage).value(action);
    line.end();
  }
}
