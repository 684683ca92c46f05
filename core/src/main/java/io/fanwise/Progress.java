package io.fanwise;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// How far a run has come: a snapshot, taken a few times a second on the caller's thread and once
/// more at the end. Immutable.
///
/// @param done how many inputs have a result
/// @param failed how many inputs have failed for good
/// @param retried how many further attempts have been made
/// @param pushedBack how many attempts a service has pushed back: they are made again later
/// @param waiting how many inputs wait for their next attempt
/// @param total how many inputs there are, if the source knows
/// @param elapsed how long the run has lasted
/// @param rate how many inputs were finished per second, lately
/// @param running what the workers are at, longest first
/// @param taskNanos the mean time a task takes on a worker, in nanoseconds; 0 before the first is
///   back
/// @param limit how many calls may be at work at the same time, at present: the jobs of the fan, or
///   fewer if it is adaptive; 0 before it begins
/// @param finished whether this is the last snapshot
public record Progress(
    long done,
    long failed,
    long retried,
    long pushedBack,
    long waiting,
    OptionalLong total,
    Duration elapsed,
    double rate,
    List<Busy> running,
    double taskNanos,
    int limit,
    boolean finished) {

  /// In nanoseconds a task: about what the engine itself costs per input. Reasoned, not measured.
  private static final double TOO_SMALL = 15;

  /// Copies the list.
  public Progress {
    running = List.copyOf(running);
  }

  /// What a worker is at.
  ///
  /// @param worker its name; followed by ` (initializer)` or ` (starting)` while it prepares for
  ///   its first input
  /// @param index which input it works on
  /// @param input the input
  /// @param since for how long; where batches are large, since the batch began
  public record Busy(String worker, long index, Object input, Duration since) {}

  /// How long the rest will take at the present rate.
  ///
  /// @return empty if the total is unknown or nothing is finished yet
  public Optional<Duration> eta() {
    if (total.isEmpty() || rate <= 0) {
      return Optional.empty();
    }
    double seconds = Math.max(0, total.getAsLong() - done - failed) / rate;
    return Optional.of(Duration.ofMillis((long) (seconds * 1_000)));
  }

  /// Whether the task is so small that a plain loop may well be as fast: worth a try.
  ///
  /// @return false while that is not known
  public boolean tooSmall() {
    return taskNanos > 0 && taskNanos < TOO_SMALL;
  }
}
