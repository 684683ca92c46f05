package io.fanwise.pipeline;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// What is settled of a pipeline apart from what flows where; see the methods of the same names of
/// [Pipeline]. Not changed after [#with] has returned it.
final class Options {
  /// In which order results are written.
  enum Order {
    AS_THEY_FINISH,
    OF_INPUTS
  }

  /// Where a run begins that was begun before.
  enum Beginning {
    WHERE_IT_STOPPED,
    EVEN_IF_CHANGED,
    OVER
  }

  /// What becomes of inputs that have failed before.
  enum Failures {
    LEFT,
    RUN_AGAIN
  }

  Optional<Path> state = Optional.empty();
  Optional<Path> failures = Optional.empty();
  Optional<String> version = Optional.empty();
  RunFolder.Command command = RunFolder.Command.UNKNOWN;
  Order order = Order.AS_THEY_FINISH;
  Durability durability = Durability.DISK;
  Beginning beginning = Beginning.WHERE_IT_STOPPED;
  Failures earlier = Failures.LEFT;
  Sitting.Watching watching = Sitting.Watching.NOTHING;
  OptionalLong leaveFree = OptionalLong.empty();

  /// These options with a change.
  Options with(Consumer<Options> change) {
    Options copy = new Options();
    copy.state = state;
    copy.failures = failures;
    copy.version = version;
    copy.command = command;
    copy.order = order;
    copy.durability = durability;
    copy.beginning = beginning;
    copy.earlier = earlier;
    copy.watching = watching;
    copy.leaveFree = leaveFree;
    change.accept(copy);
    return copy;
  }
}
