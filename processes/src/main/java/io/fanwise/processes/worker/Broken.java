package io.fanwise.processes.worker;

import io.fanwise.codec.CannotTravel;
import io.fanwise.codec.Refused;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What stands in the place of an input that could not be packed or unpacked: it fails, its
/// neighbours do not.
///
/// @param error why
public record Broken(CannotTravel error) implements Serializable {

  /// Puts one in the place of each input that cannot travel.
  public static final Refused INSTEAD = new Instead();

  /// Not a lambda: a worker that starts has no time for any.
  private static final class Instead implements Refused {
    @Override
    public Object instead(int index, CannotTravel why) {
      return new Broken(new CannotTravel("the input cannot be sent: " + why.getMessage(), why));
    }
  }

  /// Runs a task, on those inputs that are there.
  ///
  /// @param task what to run; null if that is not there either
  record Task(io.fanwise.work.@Nullable Task<?, ?> task)
      implements io.fanwise.work.Task<Object, Object> {
    @Override
    @SuppressWarnings("unchecked") // the parent knows what the task takes
    public Object run(Object input) throws Exception {
      if (input instanceof Broken broken) {
        throw broken.error();
      }
      return Objects.requireNonNull((io.fanwise.work.Task<Object, Object>) task).run(input);
    }
  }
}
