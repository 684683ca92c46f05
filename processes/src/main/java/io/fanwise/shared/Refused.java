package io.fanwise.shared;

import java.util.NoSuchElementException;

/// A shared object says no. It travels as a reason and a text, and is thrown at the caller as the
/// exception that a Java developer expects.
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Why. On the wire it is its ordinal.
  enum Reason {
    /// Not in this state.
    STATE,
    /// Not by who does not hold it.
    NOT_HOLDER,
    /// The barrier is broken.
    BROKEN,
    /// Closed, and nothing is left.
    ENDED,
    /// Not with this argument.
    ARGUMENT
  }

  /// Why.
  private final Reason reason;

  /// In words.
  private final String text;

  Refused(Reason reason, String text) {
    super(text, null, false, false);
    this.reason = reason;
    this.text = text;
  }

  Reason reason() {
    return reason;
  }

  String text() {
    return text;
  }

  /// The same as the caller gets it, with the caller's own stack trace.
  RuntimeException atCaller() {
    return switch (reason) {
      case STATE -> new IllegalStateException(text);
      case NOT_HOLDER -> new IllegalMonitorStateException(text);
      case ENDED -> new NoSuchElementException(text);
      case ARGUMENT -> new IllegalArgumentException(text);
      case BROKEN -> this;
    };
  }
}
