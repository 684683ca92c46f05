package io.fanwise.pipeline;

import io.fanwise.TaskFailed;
import java.util.Objects;

/// A run that its task has stopped, as others would have failed in the same way: the key is wrong,
/// the model is not there. The cause is what the task threw, an error that [ends the
/// run][io.fanwise.work.EndsRun].
///
/// What is done is safe; the input is not held to have failed. Run again, it goes on from there.
public final class RunStopped extends RuntimeException {
  private static final long serialVersionUID = 1;

  RunStopped(TaskFailed first) {
    super(message(first), Objects.requireNonNull(first.getCause()));
  }

  private static String message(TaskFailed first) {
    Throwable cause = Objects.requireNonNull(first.getCause());
    String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    String place = first.input() instanceof Item item ? " at input " + item.position() : "";
    return "Stopped%s, as others would fail too: %s. What is done is safe; run it again when that is put right"
        .formatted(place, why);
  }
}
