package io.fanwise.processes.worker;

import io.fanwise.codec.CannotTravel;
import io.fanwise.codec.Decoder;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Input;
import io.fanwise.codec.Output;
import io.fanwise.codec.Refused;
import io.fanwise.work.Action;
import io.fanwise.work.Attempts;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import io.fanwise.work.Inputs;
import io.fanwise.work.Serializer;
import io.fanwise.work.Task;
import io.fanwise.work.TaskTimedOut;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
  private final Parent parent;
  private final Aside aside;
  private final Lines out;
  private final Lines err;
  private final Overseer overseer;
  private final ShippedClasses classes;
  private final Map<Long, Known> functions = new HashMap<>();
  private @Nullable Serializer serializer;

  /// A task that was sent, or what is wrong with it.
  private record Known(
      Here here,
      @Nullable Task<Object, Object> task,
      ClassLoader loader,
      @Nullable Throwable error) {}

  Worker(String name, Line line, Control control, Parent parent) {
    this.name = name;
    this.line = line;
    this.control = control;
    this.parent = parent;
    this.aside = new Aside(parent);
    this.out = new Lines(Printed.Stream.OUT, aside);
    this.err = new Lines(Printed.Stream.ERR, aside);
    this.overseer = new Overseer(control, parent, out, err);
    this.classes = new ShippedClasses(aside, ClassLoader.getSystemClassLoader());
  }

  /// Works until the parent has no more, or is gone.
  void serve() throws IOException {
    System.setOut(new Printing(out));
    System.setErr(new Printing(err));
    Runtime.getRuntime().addShutdownHook(new LastWords());
    overseer.start();
    while (true) {
      int frame;
      overseer.rest();
      try {
        frame = line.next();
      } catch (EOFException e) {
        parent.leave();
        return;
      }
      overseer.watchParent();
      switch (frame) {
        case Frame.START -> {
          if (!begin(line.content())) {
            Runtime.getRuntime().exit(Exit.FAILED);
            return;
          }
        }
        case Frame.FUNCTION -> learn(line.content());
        case Frame.UNLOADED -> forget(line.content());
        case Frame.FORGET -> functions.remove(line.content().i64());
        case Frame.BATCH -> {
          if (!work(line.content())) {
            return;
          }
        }
        case Frame.OWN_OUTPUT -> ownOutput();
        case Frame.CALL -> {
          call(line.content());
          return;
        }
        case Frame.BYE -> {
          return;
        }
        default -> throw new IOException("the parent sent a frame of the unknown kind " + frame);
      }
    }
  }

  /// Unbuffered, so that lines of the task and those of native code come in their order.
  private static void ownOutput() {
    System.setOut(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    System.setErr(
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
  }

  /// Runs the only task there is, with which this JVM ends.
  private void call(Input in) throws IOException {
    long id = in.i64();
    Known function = functions.get(id);
    if (function == null || function.error() != null || function.task() == null) {
      unknown(id, function == null ? null : function.error());
      Runtime.getRuntime().exit(Exit.FAILED);
      return;
    }
    new Once(name, line, control, overseer, new LastLines(out, err))
        .run(function.here(), function.task(), function.loader());
  }

  /// Does what is to be done before any task; false if that failed.
  @SuppressWarnings("unchecked") // the parent sends an action or nothing
  private boolean begin(Input in) throws IOException {
    Here here = new Here(classes, in.i32(), null);
    Throwable error = null;
    Object first = null;
    try {
      Decoder decoder = new Decoder(in, here);
      serializer = (Serializer) decoder.value();
      Throwable before = variables(in, decoder);
      first = decoder.value();
      Throwable more = variables(in, decoder);
      error = before == null ? more : before;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      error = e;
    }
    try {
      if (first != null && error == null) {
        ((Action<String>) first).run(name);
      }
    } catch (Throwable e) {
      error = e;
    }
    Thread.interrupted(); // writing with the flag set would close the line
    out.flushAll();
    err.flushAll();
    Output to = line.begin(Frame.READY, null);
    new Encoder(to, here).value(error);
    line.end();
    return error == null;
  }

  private void forget(Input in) throws IOException {
    for (int left = in.i32(); left > 0; left--) {
      classes.forget(in.i32());
    }
  }

  @SuppressWarnings("unchecked") // the parent sends a task
  private void learn(Input in) throws IOException {
    long id = in.i64();
    int number = in.i32();
    Here here = new Here(classes, number, serializer);
    Decoder decoder = new Decoder(in, here);
    Throwable error = variables(in, decoder);
    Object task = null;
    try {
      task = decoder.value();
    } catch (CannotTravel e) {
      error = e;
    }
    Throwable more = variables(in, decoder);
    error = error == null ? more : error;
    functions.put(id, new Known(here, (Task<Object, Object>) task, here.loader(), error));
  }

  /// Sets variables of a notebook; returns what went wrong, if anything did.
  private @Nullable Throwable variables(Input in, Decoder decoder) throws IOException {
    Throwable error = null;
    while (in.u8() == 1) {
      int loader = in.i32();
      String owner = in.string();
      String field = in.string();
      try {
        classes.set(loader, owner, field, decoder.value());
      } catch (CannotTravel | ClassNotFoundException | IllegalStateException e) {
        error = e;
      }
    }
    return error;
  }

  /// Runs a batch; false if the worker is not to be trusted afterwards.
  private boolean work(Input in) throws IOException {
    long id = in.i64();
    Known function = functions.get(in.i64());
    Batch batch = batch(in, function);
    if (function == null || function.error() != null || function.task() == null) {
      unknown(id, function == null ? null : function.error());
      return true;
    }
    if (!control.claim(id)) {
      send(id, function.here(), NOTHING_RAN, 0);
      return true;
    }
    Thread.currentThread().setContextClassLoader(function.loader());
    Attempts attempts = new Attempts(batch, control);
    control.running(id);
    overseer.watch(attempts, id);
    Batch.Result result = attempts.run(name, new Abandoned(id, batch.rules(), function.here()));
    Thread.interrupted(); // writing with the flag set would close the line
    overseer.watchParent();
    control.running(id); // none of its inputs is at work any more
    out.flushAll();
    err.flushAll();
    if (attempts.isAbandoned()) {
      while (true) {
        LockSupport.park(
            this); // the thread that abandoned this one sends the rest, and ends it all
      }
    }
    boolean suspect = result != null && suspect(result);
    send(id, function.here(), result == null ? NOTHING_RAN : result, suspect ? LEAVING : 0);
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
    Here here = function == null ? new Here(classes, Question.HOME, serializer) : function.here();
    Object[] inputs = inputs(in, here, size);
    boolean broken = false;
    for (int i = 0; i < size && !broken; i++) {
      broken = inputs[i] instanceof Broken;
    }
    return new Batch(broken ? new Broken.Task(task) : task, Inputs.of(inputs), first, rules);
  }

  private static Object[] inputs(Input in, Here here, int size) throws IOException {
    try {
      return Frame.allThere(new Decoder(in, here).values(size, Broken.INSTEAD));
    } catch (OutOfMemoryError e) {
      if (size > 1) {
        throw e; // this worker ends, and the next one gets half of them
      }
      return new Object[] {
        new Broken(
            new CannotTravel(
                "the input is too large for the worker: "
                    + e.getMessage()
                    + ". Give workers more by Processes.heap, or send less at a time",
                e))
      };
    }
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

  private void unknown(long id, @Nullable Throwable error) throws IOException {
    Output to = line.begin(Frame.UNKNOWN, null);
    to.i64(id);
    to.string(error == null ? "it was never sent" : String.valueOf(error.getMessage()));
    line.end();
  }

  private void send(long id, Here here, Batch.Result result, int flags) throws IOException {
    Output to = line.begin(Frame.RESULT, null);
    to.i64(id);
    to.u8(flags);
    to.i32(result.ran());
    to.i64(result.nanos());
    long[] each = result.each();
    to.i32(Math.min(each.length, result.ran()));
    to.array(each, 0, Math.min(each.length, result.ran()));
    new Encoder(to, here).values(result.results(), 0, result.ran(), REFUSED);
    line.end();
  }

  /// What a task has printed before it calls [System#exit] is heard.
  private final class LastWords extends Thread {
    LastWords() {
      super(null, null, "fan-last-words", 0, false);
    }

    @Override
    public void run() {
      try {
        out.flushAll();
        err.flushAll();
      } catch (IOException e) {
        // nobody listens any more
      }
    }
  }

  /// A result that cannot travel is a failure of its input.
  private static final class Failures implements Refused {
    @Override
    public Object instead(int index, CannotTravel why) {
      return new Failure(
          new CannotTravel("the result cannot be sent back: " + why.getMessage(), why));
    }
  }

  /// Told, on the clock's thread, when a task ignores its interrupt.
  private final class Abandoned implements Consumer<Batch.Result> {
    private final long id;
    private final Batch.Rules rules;
    private final Here here;

    Abandoned(long id, Batch.Rules rules, Here here) {
      this.id = id;
      this.rules = rules;
      this.here = here;
    }

    @Override
    public void accept(Batch.Result soFar) {
      try {
        send(id, here, killed(soFar), LEAVING);
      } catch (IOException e) {
        // the parent has gone, or is about to find out
      } finally {
        try {
          Children.ofThisJvm().killBefore(ProcessHandle.current());
        } finally {
          Runtime.getRuntime().halt(Exit.ABANDONED);
        }
      }
    }

    /// A thread would be abandoned; a process ends.
    private Batch.Result killed(Batch.Result soFar) {
      int last = soFar.ran() - 1;
      if (soFar.results()[last] instanceof Failure(TaskTimedOut late)) {
        StackTraceElement[] where = late.getStackTrace();
        soFar.results()[last] =
            new Failure(TaskTimedOut.killed(rules.timeout(), soFar.worker(), where));
      }
      return soFar;
    }
  }
}
