package io.fanwise.pipeline;

import io.fanwise.work.Task;
import java.util.List;

/// What is done with an input on the worker: decode it, run the user's task, encode the result for
/// each sink. Immutable.
///
/// @param decoder makes an input of what was read
/// @param task the user's
/// @param encoders one for each sink
/// @param <T> the type of inputs
/// @param <R> the type of results
record Step<T, R>(
    Task<Object, T> decoder, Task<? super T, ? extends R> task, List<Sink.Encoder<R>> encoders)
    implements Task<Item, Object> {

  @Override
  public Object run(Item item) throws Exception {
    R result = task.run(decoder.run(item.raw()));
    if (encoders.size() == 1) {
      return encoders.getFirst().encode(item.position(), result);
    }
    Object[] encoded = new Object[encoders.size()];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = encoders.get(i).encode(item.position(), result);
    }
    return encoded;
  }
}
