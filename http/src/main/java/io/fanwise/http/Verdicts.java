package io.fanwise.http;

import java.io.Serializable;
import java.util.Set;

/// What statuses mean. Immutable.
///
/// @param ok the statuses that are answers; empty for 200 to 299
/// @param failIf a JSON pointer to what tells of a failure all the same; empty for nothing
/// @param repeat when a call may be sent again
/// @param denials what it means that nobody is let in
record Verdicts(Set<Integer> ok, String failIf, Repeat repeat, Denials denials)
    implements Serializable {

  /// What it means that nobody is let in.
  enum Denials {
    /// The key is wrong, for all items.
    OF_ALL,
    /// This item is not for us.
    OF_ONE
  }

  /// When a call may be sent again.
  enum Repeat {
    /// If nothing was sent, or it is one that may be repeated by its method.
    SAFE,
    /// Always.
    ALWAYS
  }

  /// What a status means.
  enum Verdict {
    /// It is an answer.
    DONE,
    /// The service has too much to do: the same again, later.
    REFUSED,
    /// The service was not well, and did nothing.
    PASSING,
    /// The service was not well, and may have done something.
    DOUBTFUL,
    /// The same call would fail again.
    FINAL,
    /// Others would fail too.
    STOP
  }

  static final Verdicts STANDARD = new Verdicts(Set.of(), "", Repeat.SAFE, Denials.OF_ALL);

  Verdicts {
    ok = Set.copyOf(ok);
  }

  Verdicts ok(Set<Integer> statuses) {
    return new Verdicts(statuses, failIf, repeat, denials);
  }

  Verdicts failIf(String pointer) {
    return new Verdicts(ok, pointer, repeat, denials);
  }

  Verdicts repeat(Repeat when) {
    return new Verdicts(ok, failIf, when, denials);
  }

  Verdicts denials(Denials of) {
    return new Verdicts(ok, failIf, repeat, of);
  }

  boolean good(int status) {
    return ok.isEmpty() ? status >= 200 && status <= 299 : ok.contains(status);
  }

  /// @param later whether the service says when to come back
  Verdict of(int status, boolean later) {
    if (good(status)) {
      return Verdict.DONE;
    }
    return switch (status) {
      case 420, 429 -> Verdict.REFUSED;
      case 503, 529 -> later ? Verdict.REFUSED : Verdict.PASSING;
      case 408, 425 -> Verdict.PASSING;
      case 500, 502, 504, 507, 520, 521, 522, 523, 524, 598, 599 -> Verdict.DOUBTFUL;
      case 401, 402, 403, 407 -> denials == Denials.OF_ALL ? Verdict.STOP : Verdict.FINAL;
      default -> Verdict.FINAL;
    };
  }
}
