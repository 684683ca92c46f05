package io.fanwise.http;

/// There is no answer, or not all of it.
final class Broken extends Exception {
  private static final long serialVersionUID = 1;

  /// How far the call had come, and so what another attempt would do.
  enum When {
    /// Nothing was sent: it can be repeated.
    BEFORE_SENDING,
    /// Something may have been done: it can be repeated if that does no harm.
    AFTER_SENDING,
    /// Another attempt would fare no better.
    HOPELESS
  }

  private final When when;

  Broken(When when, String message, Throwable cause) {
    super(message, cause);
    this.when = when;
  }

  When when() {
    return when;
  }
}
