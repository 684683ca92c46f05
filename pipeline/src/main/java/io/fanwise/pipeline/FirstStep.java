package io.fanwise.pipeline;

import io.fanwise.spi.Unpacking;
import io.fanwise.work.Task;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// What is done on the worker with an input that others may be equal to: its result is wanted as
/// such, too. Whether it is to be run at all, has been asked. Immutable.
///
/// @param step what is done with inputs
/// @param <T> the type of inputs
/// @param <R> the type of results
record FirstStep<T, R>(Step<T, R> step) implements Task<Item, Object>, Unpacking {

  @Override
  public First run(Item item) throws Exception {
    T input = step.decoder().run(item.raw());
    Optional<byte[]> key = step.keys().of(input);
    R result = step.result(input, item.position());
    return new First(step.encoded(item.position(), key, result), bytes(result));
  }

  private byte[] bytes(R result) throws IOException {
    return new Remembered(new Object[] {result}, Instant.EPOCH).bytes();
  }

  @Override
  public Optional<Object> unpacked(Object input) {
    return step.unpacked(input);
  }

  /// The result of an input, out of what its step returned.
  Object result(byte[] bytes) throws IOException {
    return Remembered.of(bytes, loader()).value();
  }

  /// Encodes the result of another input for an equal one.
  ///
  /// @param result that, as [#result] has it
  @SuppressWarnings("unchecked") // the step of the same task returned it
  Object encoded(Item item, Object result) throws Exception {
    Optional<byte[]> key =
        step.keys() instanceof Keys.By<T> keys
            ? keys.of(step.decoder().run(item.raw()))
            : Optional.empty();
    return step.encoded(item.position(), key, (R) ((Object[]) result)[0]);
  }

  private ClassLoader loader() {
    ClassLoader own = step.task().getClass().getClassLoader();
    return own == null ? ClassLoader.getSystemClassLoader() : own;
  }
}
