package io.fanwise.processes.worker;

import io.fanwise.codec.CannotTravel;
import io.fanwise.codec.Decoder;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Input;
import io.fanwise.codec.Output;
import io.fanwise.codec.Refused;
import io.fanwise.work.Attempts;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import io.fanwise.work.Inputs;
import io.fanwise.work.Task;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A worker JVM at work: it reads batches, runs them one after the other on its main thread, and
/// sends what comes of them. Confined to that thread, apart from [#abandoned].
final class Worker {
  /// Flags of a result: this was the last; the worker leaves.
  static final int LEAVING = 1;

  private static final Refused REFUSED = new Failures();

  private final String name;
  private final Line line;
  private final Control control;
  private final Overseer overseer;
  private final Map<Long, Known> functions = new HashMap<>();

  /// A task that was sent, or what is wrong with it.
  private record Known(@Nullable Task<Object, Object> task, @Nullable CannotTravel error) {}

  Worker(String name, Line line, Control control, Parent parent) {
    this.name = name;
    this.line = line;
    this.control = control;
    this.overseer = new Overseer(control, parent.pid());
  }

  /// Works until the parent has no more, or is gone.
  void serve() throws IOException {
    overseer.start();
    ready(null);
    while (true) {
      int frame;
      try {
        frame = line.next();
      } catch (EOFException e) {
        Runtime.getRuntime().halt(Exit.PARENT_GONE);
        return;
      }
      switch (frame) {
        case Frame.FUNCTION -> learn(line.content());
        case Frame.FORGET -> functions.remove(line.content().i64());
        case Frame.BATCH -> {
          if (!work(line.content())) {
            return;
          }
        }
        case Frame.BYE -> {
          return;
        }
        default -> throw new IOException("the parent sent a frame of the unknown kind " + frame);
      }
    }
  }

  private void ready(@Nullable Throwable error) throws IOException {
    Output out = line.begin(Frame.READY, null);
    new Encoder(out, passage()).value(error);
    line.end();
  }

  private Here passage() {
    return Here.INSTANCE;
  }

  @SuppressWarnings("unchecked") // the parent sends a task
  private void learn(Input in) throws IOException {
    long id = in.i64();
    Known known;
    try {
      known = new Known((Task<Object, Object>) new Decoder(in, passage()).value(), null);
    } catch (CannotTravel e) {
      known = new Known(null, e);
    }
    functions.put(id, known);
  }

  /// Runs a batch; false if the worker is not to be trusted afterwards.
  private boolean work(Input in) throws IOException {
    long id = in.i64();
    Known function = functions.get(in.i64());
    Batch batch = batch(in, function);
    if (function == null || function.task() == null) {
      unknown(id, function == null ? null : function.error());
      return true;
    }
    Attempts attempts = new Attempts(batch, control);
    control.running(id);
    overseer.watch(attempts, id);
    Batch.Result result = attempts.run(name, new Abandoned(id));
    overseer.rest();
    if (attempts.isAbandoned()) {
      while (true) {
        LockSupport.park(
            this); // the thread that abandoned this one sends the rest, and ends it all
      }
    }
    Thread.interrupted(); // writing with the flag set would close the line
    boolean suspect = result != null && suspect(result);
    send(id, result == null ? NOTHING_RAN : result, suspect ? LEAVING : 0);
    control.running(0);
    return !suspect;
  }

  private static final Batch.Result NOTHING_RAN =
      new Batch.Result(new Object[0], 0, 0, 0, new long[0], "");

  private Batch batch(Input in, @Nullable Known function) throws IOException {
    long first = in.i64();
    Duration timeout = Duration.ofNanos(in.i64());
    Duration grace = Duration.ofNanos(in.i64());
    int flags = in.u8();
    Batch.Rules rules =
        new Batch.Rules(
            timeout, grace, (flags & Sending.TIMED) != 0, (flags & Sending.STOP_AT_FAILURE) != 0);
    int size = in.i32();
    Task<?, ?> task =
        function == null || function.task() == null ? new Broken.Task(null) : function.task();
    if ((flags & Sending.NUMBERS) != 0) {
      Inputs.NumberType type = in.u8() == 1 ? Inputs.NumberType.LONG : Inputs.NumberType.INTEGER;
      return new Batch(task, Inputs.of(type, in.i64(), size), first, rules);
    }
    Object[] inputs = Frame.allThere(new Decoder(in, passage()).values(size, Broken.INSTEAD));
    boolean broken = false;
    for (int i = 0; i < size && !broken; i++) {
      broken = inputs[i] instanceof Broken;
    }
    return new Batch(broken ? new Broken.Task(task) : task, Inputs.of(inputs), first, rules);
  }

  /// After an error of the JVM nobody knows what state the user's code is in.
  private static boolean suspect(Batch.Result result) {
    if (result.failed() > 0) {
      for (int i = 0; i < result.ran(); i++) {
        if (result.results()[i] instanceof Failure failure
            && failure.error() instanceof VirtualMachineError
            && !(failure.error() instanceof StackOverflowError)) {
          return true;
        }
      }
    }
    return false;
  }

  private void unknown(long id, @Nullable CannotTravel error) throws IOException {
    Output out = line.begin(Frame.UNKNOWN, null);
    out.i64(id);
    new Encoder(out, passage())
        .value(error == null ? "the worker was never sent this task" : error.getMessage());
    line.end();
  }

  private void send(long id, Batch.Result result, int flags) throws IOException {
    Output out = line.begin(Frame.RESULT, null);
    out.i64(id);
    out.u8(flags);
    out.i32(result.ran());
    out.i64(result.nanos());
    long[] each = result.each();
    out.i32(Math.min(each.length, result.ran()));
    out.array(each, 0, Math.min(each.length, result.ran()));
    new Encoder(out, passage()).values(result.results(), 0, result.ran(), REFUSED);
    line.end();
  }

  /// A result that cannot travel is a failure of its input.
  private static final class Failures implements Refused {
    @Override
    public Object instead(int index, CannotTravel why) {
      return new Failure(why);
    }
  }

  /// Told, on the clock's thread, when a task ignores its interrupt.
  private final class Abandoned implements Consumer<Batch.Result> {
    private final long id;

    Abandoned(long id) {
      this.id = id;
    }

    @Override
    public void accept(Batch.Result soFar) {
      try {
        send(id, soFar, LEAVING);
      } catch (IOException e) {
        // the parent has gone, or is about to find out
      }
      Runtime.getRuntime().halt(Exit.ABANDONED);
    }
  }
}
