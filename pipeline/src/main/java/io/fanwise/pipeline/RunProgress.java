package io.fanwise.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// How far a run has come, earlier sittings included: a snapshot, taken a few times a second on the
/// caller's thread and once more at the end. Immutable.
///
/// @param done how many inputs have a result
/// @param failed how many have failed for good
/// @param before how many of both were so before this sitting
/// @param total how many inputs there are, as far as is known
/// @param retried how many further attempts have been made in this sitting
/// @param pushedBack how many attempts a service has pushed back: they are made again later
/// @param running how many inputs are being worked on
/// @param limit how many may be worked on at the same time, at present: the jobs of the fan, or
///   fewer if it is adaptive; 0 when it is not known
/// @param rate how many were finished per second, lately; over the whole sitting at its end
/// @param elapsed how long this sitting has lasted
/// @param median how long half of the attempts took at most; zero before the first is back
/// @param slow how long all but one in a hundred took at most
/// @param bytes how much the outputs have, as it is stored
/// @param committed when results were made safe last, if ever
/// @param paused why nothing new is begun at present, in words, if that is so: `12 MB free in
///   /data`
/// @param finished whether this is the last snapshot
public record RunProgress(
    long done,
    long failed,
    long before,
    OptionalLong total,
    long retried,
    long pushedBack,
    int running,
    int limit,
    double rate,
    Duration elapsed,
    Duration median,
    Duration slow,
    long bytes,
    Optional<Instant> committed,
    Optional<String> paused,
    boolean finished) {

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
}
