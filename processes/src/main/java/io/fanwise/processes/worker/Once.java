package io.fanwise.processes.worker;

import io.fanwise.codec.CannotTravel;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Output;
import io.fanwise.codec.Refused;
import io.fanwise.work.Attempts;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import io.fanwise.work.Inputs;
import io.fanwise.work.Task;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The one task of a JVM that is there for it alone. The JVM ends with it, as a JVM does whose main
/// method it is: when it has returned and no thread of its own is left; with exit code 1 and a
/// stack trace if it throws. Confined to the main thread.
final class Once implements Refused {
  private static final Batch.Rules RULES =
      new Batch.Rules(Duration.ZERO, Duration.ZERO, false, false);

  private final String name;
  private final Line line;
  private final Control control;
  private final Overseer overseer;
  private final LastLines last;

  Once(String name, Line line, Control control, Overseer overseer, LastLines last) {
    this.name = name;
    this.line = line;
    this.control = control;
    this.overseer = overseer;
    this.last = last;
  }

  /// Runs it, and says what came of it; throws what it throws.
  void run(Here here, Task<Object, Object> task, ClassLoader loader) throws IOException {
    Runtime.getRuntime().addShutdownHook(last);
    Thread.currentThread().setContextClassLoader(loader);
    Inputs nothing = Inputs.of(Inputs.NumberType.INTEGER, 0, 1);
    Attempts attempts = new Attempts(new Batch(task, nothing, 0, RULES), control);
    control.running(Control.ONLY);
    overseer.watch(attempts, Control.ONLY); // to the very end: threads of the task may outlive it
    Batch.Result result = attempts.run(name, null);
    Thread.interrupted(); // writing with the flag set would close the line
    if (result == null || result.ran() == 0) {
      Runtime.getRuntime().exit(Exit.TERMINATED); // it heeded its interrupt
      return;
    }
    last.flush();
    Object end = result.results()[0];
    send(here, end instanceof Returned returned ? returned.value() : end);
    if (end instanceof Failure failure) {
      throw Once.<RuntimeException>unchecked(failure.error());
    }
  }

  private void send(Here here, @Nullable Object end) throws IOException {
    Output to = line.begin(Frame.RETURNED, null);
    new Encoder(to, here).values(new @Nullable Object[] {end}, 0, 1, this);
    line.end();
  }

  @Override
  public Object instead(int index, CannotTravel why) {
    return new Failure(why);
  }

  /// Whatever it is, it leaves the main method as it is.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E unchecked(Throwable error) throws E {
    throw (E) error;
  }
}
