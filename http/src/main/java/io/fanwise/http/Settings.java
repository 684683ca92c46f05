package io.fanwise.http;

import java.io.Serializable;

/// What calls must have in common to share connections. Immutable.
///
/// @param timeouts how long each part of a call may take
/// @param tls whom to trust, and who we are
/// @param proxy through what to connect
/// @param version which HTTP
/// @param cookies whether to send back what cookies servers set
record Settings(Timeouts timeouts, Tls tls, Proxy proxy, Version version, Cookies cookies)
    implements Serializable {

  /// Which HTTP to speak.
  enum Version {
    /// HTTP/2 where TLS offers it, else HTTP/1.1.
    OFFERED,
    /// HTTP/1.1.
    ONE,
    /// HTTP/2, without TLS too.
    TWO
  }

  /// What to do with cookies that servers set.
  enum Cookies {
    DROPPED,
    KEPT
  }

  static final Settings STANDARD =
      new Settings(
          Timeouts.standard(), Tls.standard(), Proxy.none(), Version.OFFERED, Cookies.DROPPED);
}
