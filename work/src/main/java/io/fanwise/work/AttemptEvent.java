package io.fanwise.work;

import jdk.jfr.Category;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// One attempt, for Java Flight Recorder. Off unless a recording asks for it: there may be
/// millions.
@Name("io.fanwise.Attempt")
@Label("Attempt")
@Category("Fanwise")
@Enabled(false)
@StackTrace(false)
final class AttemptEvent extends Event {
  @Label("Index")
  long index;

  @Label("Worker")
  String worker = "";

  @Label("Failed")
  boolean failed;

  /// A started event if somebody records, otherwise nothing.
  static @Nullable AttemptEvent started() {
    AttemptEvent event = new AttemptEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  void end(long at, String by, boolean threw) {
    end();
    index = at;
    worker = by;
    failed = threw;
    commit();
  }
}
