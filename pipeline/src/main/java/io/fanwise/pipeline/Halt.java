package io.fanwise.pipeline;

import static java.util.Objects.requireNonNull;

/// When a run is given up because inputs fail; what has finished by then is safe, and the run can
/// go on later. Only failures of this sitting count. Immutable.
///
/// ```java
/// pipeline.halt(Halt.after(3))             // cancels what runs
/// pipeline.halt(Halt.share(0.1).soon())    // waits for what runs, begins nothing new
/// ```
///
/// @param how what becomes of the rest
/// @param failures how many failures it takes
/// @param share which share of what is finished has to fail; 0 if only the number counts
public record Halt(How how, long failures, double share) {
  /// A share means nothing before this many inputs are finished.
  private static final int ENOUGH = 20;

  /// The run goes on whatever fails.
  public static final Halt NEVER = new Halt(How.NEVER, Long.MAX_VALUE, 0);

  /// What becomes of the rest.
  public enum How {
    /// It is run as if nothing had happened.
    NEVER,
    /// What runs is cancelled.
    NOW,
    /// What runs is waited for; nothing new is begun.
    SOON
  }

  /// Refuses what would never be reached, or at once.
  public Halt {
    requireNonNull(how, "how");
    if (failures < 1) {
      throw new IllegalArgumentException("failures must be at least 1, was " + failures);
    }
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share lies between 0 and 1, was " + share);
    }
  }

  /// Gives up, and cancels what runs, when so many inputs have failed.
  ///
  /// @param failures how many, from 1
  /// @return the rule
  public static Halt after(long failures) {
    return new Halt(How.NOW, failures, 0);
  }

  /// Gives up, and cancels what runs, when such a share of the inputs has failed; it counts once 20
  /// are finished.
  ///
  /// @param share above 0, and at most 1
  /// @return the rule
  public static Halt share(double share) {
    if (share == 0) {
      throw new IllegalArgumentException(
          "a share of 0 is reached before anything fails: say after(1) for the first failure");
    }
    return new Halt(How.NOW, 1, share);
  }

  /// Waits for what runs, and begins nothing new.
  ///
  /// @return a copy
  public Halt soon() {
    return new Halt(How.SOON, failures, share);
  }

  /// Whether that many failures are too many.
  boolean reached(long failed, long finished) {
    if (how == How.NEVER || failed < failures) {
      return false;
    }
    return share == 0 || (finished >= ENOUGH && failed >= share * finished);
  }
}
