package io.fanwise.processes;

import io.fanwise.codec.Encoder;
import io.fanwise.codec.Output;
import io.fanwise.processes.worker.Broken;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Line;
import io.fanwise.processes.worker.Sending;
import io.fanwise.work.Batch;
import io.fanwise.work.Inputs;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/// What one worker is told: the tasks it is to know, and the batches it is to run. Confined to the
/// lane's thread.
final class Orders {
  private final Line line;
  private final Runnable beforeLarge;

  /// The tasks it knows, by their number.
  private final Map<Long, WeakReference<Packed>> known = new HashMap<>();

  /// How many of the class loaders that are gone it need not be told of any more.
  private long unloaded = Abroad.UNLOADED.count();

  /// @param beforeLarge called before more is sent than fits between here and there
  Orders(Line line, Runnable beforeLarge) {
    this.line = line;
    this.beforeLarge = beforeLarge;
  }

  /// Sends a batch, and its task if the worker does not know that.
  void send(Sent next) throws IOException {
    Packed task = next.task();
    boolean first = !known.containsKey(task.number());
    if (first) {
      forgetWhatIsOver();
      introduce(task);
    }
    send(next, task);
    if (first) {
      task.sent();
    }
  }

  /// Lets the worker forget the tasks and class loaders that nobody needs.
  private void forgetWhatIsOver() throws IOException {
    for (Iterator<Map.Entry<Long, WeakReference<Packed>>> i = known.entrySet().iterator();
        i.hasNext(); ) {
      Map.Entry<Long, WeakReference<Packed>> entry = i.next();
      Packed before = entry.getValue().get();
      if (before == null || before.isOver()) {
        line.begin(Frame.FORGET, null).i64(entry.getKey());
        line.end();
        i.remove();
      }
    }
    unloaded = Abroad.UNLOADED.tell(line, unloaded, beforeLarge);
  }

  private void introduce(Packed task) throws IOException {
    Output to = line.begin(Frame.FUNCTION, beforeLarge);
    to.i64(task.number());
    to.bytes(task.content(), 0, task.content().length);
    line.end();
    known.put(task.number(), new WeakReference<>(task));
  }

  private void send(Sent next, Packed task) throws IOException {
    Batch batch = next.call().batch();
    Batch.Rules rules = batch.rules();
    Output to = line.begin(Frame.BATCH, beforeLarge);
    to.i64(next.number());
    to.i64(task.number());
    to.i64(batch.first());
    to.i64(rules.timeout().toNanos());
    to.i64(rules.grace().toNanos());
    Inputs inputs = batch.inputs();
    int flags =
        (rules.timed() ? Sending.TIMED : 0)
            | (rules.stopAtFailure() ? Sending.STOP_AT_FAILURE : 0)
            | (inputs instanceof Inputs.Numbers ? Sending.NUMBERS : 0);
    to.u8(flags);
    to.i32(next.size());
    if (inputs instanceof Inputs.Numbers numbers) {
      to.u8(numbers.type() == Inputs.NumberType.LONG ? 1 : 0);
      to.i64(numbers.first());
    } else {
      Object[] values = inputs instanceof Inputs.Listed(Object[] array) ? array : all(inputs);
      new Encoder(to, task.passage()).values(values, 0, next.size(), Broken.INSTEAD);
    }
    line.end();
  }

  private static Object[] all(Inputs inputs) {
    Object[] all = new Object[inputs.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = inputs.get(i);
    }
    return all;
  }

  /// There is no more work for it.
  void bye() throws IOException {
    line.begin(Frame.BYE, null);
    line.end();
  }
}
