package io.fanwise.pipeline;

import io.fanwise.spi.Unpacking;
import io.fanwise.work.Task;
import java.util.List;
import java.util.Optional;

/// What is done with an input on the worker: decode it, run the user's task, encode the result for
/// each sink. Immutable.
///
/// @param run which run this is
/// @param decoder makes an input of what was read
/// @param where which inputs are run at all
/// @param keys what inputs are called
/// @param task the user's
/// @param encoders one for each sink
/// @param <T> the type of inputs
/// @param <R> the type of results
record Step<T, R>(
    String run,
    Task<Object, T> decoder,
    Task<? super T, Boolean> where,
    Keys<T> keys,
    Task<? super T, ? extends R> task,
    List<Sink.Encoder<R>> encoders)
    implements Task<Item, Object>, Unpacking {

  @Override
  public Optional<Object> unpacked(Object item) {
    try {
      return Optional.of(decoder.run(((Item) item).raw()));
    } catch (Exception e) {
      return Optional.empty(); // it will fail of that
    }
  }

  @Override
  public Object run(Item item) throws Exception {
    T input = decoder.run(item.raw());
    if (!where.run(input)) {
      return LeftOut.LEFT_OUT;
    }
    Optional<byte[]> key = keys.of(input);
    return encoded(item.position(), key, result(input, item.position()));
  }

  /// What the sinks are given of a result.
  Object encoded(long position, Optional<byte[]> key, R result) throws Exception {
    if (encoders.size() == 1) {
      return encoded(encoders.getFirst(), position, key, result);
    }
    Object[] encoded = new Object[encoders.size()];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = encoded(encoders.get(i), position, key, result);
    }
    return encoded;
  }

  /// What the task makes of an input, which it may ask the id of.
  R result(T input, long position) throws Exception {
    return InputId.wantedBy(task)
        ? new InputId(run, position).<R, Exception>during(() -> task.run(input))
        : task.run(input);
  }

  private Object encoded(Sink.Encoder<R> encoder, long position, Optional<byte[]> key, R result)
      throws Exception {
    return key.isPresent()
        ? encoder.encode(position, key.get(), result)
        : encoder.encode(position, result);
  }
}
