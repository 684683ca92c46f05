package io.fanwise.cli.task;

import io.fanwise.work.Action;
import io.fanwise.work.Task;

/// A task or an action of a class of the user's. There is one object of the class in each JVM, made
/// when the task arrives there, so it may hold what cannot travel. Safe for use by many threads if
/// what the user wrote is.
///
/// @param type the class
record OwnTask(Class<?> type) implements Task<Object, Object> {
  private static final ClassValue<Task<Object, ?>> OBJECTS =
      new ClassValue<>() {
        @Override
        protected Task<Object, ?> computeValue(Class<?> type) {
          return made(type);
        }
      };

  /// Makes the object of this JVM.
  OwnTask {
    OBJECTS.get(type);
  }

  @Override
  public Object run(Object input) throws Exception {
    return OBJECTS.get(type).run(input);
  }

  @SuppressWarnings("unchecked") // what it takes was seen from its class
  private static Task<Object, ?> made(Class<?> type) {
    Object own = ClassTask.instance(type);
    return own instanceof Task<?, ?> task
        ? (Task<Object, ?>) task
        : new Silent((Action<Object>) own);
  }

  private record Silent(Action<Object> action) implements Task<Object, NoResult> {

    @Override
    public NoResult run(Object input) throws Exception {
      action.run(input);
      return NoResult.NO_RESULT;
    }
  }
}
