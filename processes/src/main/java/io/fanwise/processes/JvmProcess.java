package io.fanwise.processes;

import io.fanwise.processes.worker.Control;
import io.fanwise.work.Task;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A JVM that runs one lambda: a process as an object, which can be waited for, and killed,
/// whatever it does.
///
/// ```java
/// JvmProcess<Double> process = JvmProcess.start(() -> Model.fit(0.5));
/// process.result();
/// ```
///
/// There is nothing to prepare: it has this JVM's class path, options and environment; classes that
/// it lacks are sent to it, and so is the lambda with all that it captures. It ends as a JVM does
/// whose main method the lambda is: with exit code 0 when that has returned and no non-daemon
/// thread is left; with exit code 1, a stack trace on its standard error, when it throws; with
/// whatever `System.exit` says.
///
/// Here is what Python's `multiprocessing.Process` has:
///
/// | Python | here |
/// |---|---|
/// | `p = Process(target=f, args=(x,)); p.start()` | `p = JvmProcess.start(() -> f(x))` |
/// | `Process(target=f, name="fit", daemon=True)` | `JvmProcess.on(Processes.of(1)).name("fit").daemon().start(() -> f())` |
/// | a `Queue` for the result | `p.result()` |
/// | `p.join()`, `p.join(5)` | `p.join()`, `p.join(ofSeconds(5))` |
/// | `p.is_alive()`, `p.exitcode`, `p.pid`, `p.name`, `p.daemon` | `p.isAlive()`, `p.exitCode()`, `p.pid()`, `p.name()`, `p.daemon()` |
/// | `p.terminate()`, `p.kill()`, `p.close()` | `p.terminate()`, `p.kill()`, `p.close()` |
/// | `wait([p.sentinel])` | `p.onExit()` |
///
/// Safe for use by many threads.
///
/// @param <R> what it gives back
public final class JvmProcess<R extends @Nullable Object> implements AutoCloseable {
  /// As long as a run gives to a task that it interrupts.
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final ProcessPlan plan;
  private final WorkerJvm jvm;
  private final @Nullable Captured captured;
  private final CompletableFuture<Ending<R>> ending = new CompletableFuture<>();
  private final CompletableFuture<JvmProcess<R>> ended = new CompletableFuture<>();
  private volatile int exitCode;

  private JvmProcess(ProcessPlan plan) throws IOException {
    this.plan = plan;
    this.jvm = WorkerJvm.start(plan.description(), new Role(Role.Kind.PROCESS, plan.name()));
    this.captured = plan.output() == ProcessPlan.Prints.CAPTURED ? captured(jvm) : null;
  }

  private static Captured captured(WorkerJvm jvm) throws IOException {
    try {
      return new Captured(jvm.log());
    } catch (IOException e) {
      jvm.kill();
      jvm.close(null);
      throw e;
    }
  }

  // ---- how it is started

  /// Starts a process, and does not wait for it.
  ///
  /// Python: `p = Process(target=f); p.start()`.
  ///
  /// @param program what it runs
  /// @param <R> what that gives back
  /// @return the process
  /// @throws IllegalArgumentException if the program captures something that cannot travel; the
  ///   message says what
  /// @throws IllegalStateException if the system cannot start a process
  public static <R extends @Nullable Object> JvmProcess<R> start(Program<R> program) {
    return on(Processes.of(1)).start(program);
  }

  /// Starts a process of which nothing comes back, and does not wait for it.
  ///
  /// @param procedure what it runs
  /// @return the process
  /// @throws IllegalArgumentException if the procedure captures something that cannot travel; the
  ///   message says what
  /// @throws IllegalStateException if the system cannot start a process
  public static JvmProcess<@Nullable Void> start(Procedure procedure) {
    return on(Processes.of(1)).start(procedure);
  }

  /// Says how processes are to be started: heap, JVM options, environment, directory, initializer,
  /// log directory and so on. Like a worker, each has its share of the heap and the cores: all of
  /// them with `Processes.of(1)`.
  ///
  /// @param backend how workers would be started
  /// @return a plan for processes
  public static ProcessPlan on(Processes backend) {
    return ProcessPlan.on(backend);
  }

  static <R extends @Nullable Object> JvmProcess<R> started(
      ProcessPlan plan, Task<Object, Object> task) {
    Packed packed = Packed.of(task, plan.description().is().serializer().orElse(null));
    Initializer first = first(plan, packed);
    JvmProcess<R> process;
    try {
      process = new JvmProcess<>(plan);
    } catch (IOException e) {
      first.close();
      packed.close();
      throw new IllegalStateException("a process cannot be started: " + e.getMessage(), e);
    }
    Conversation conversation = new Conversation(process.jvm, first, packed, plan);
    Thread thread = new Thread(null, () -> process.attend(conversation), process.name(), 0, false);
    thread.setDaemon(process.daemon());
    boolean attended = false;
    try {
      thread.start();
      attended = true;
    } finally {
      if (!attended) { // no thread to be had
        process.kill();
        conversation.close();
      }
    }
    return process;
  }

  private static Initializer first(ProcessPlan plan, Packed packed) {
    try {
      return Initializer.of(plan.description());
    } catch (RuntimeException | Error e) {
      packed.close();
      throw e;
    }
  }

  /// The thread that is there for as long as the process is.
  private void attend(Conversation conversation) {
    ending.complete(conversation.ending());
    exitCode = jvm.onExit().join().exitValue();
    try {
      conversation.close();
    } finally {
      ended.complete(this);
    }
  }

  // ---- what it is

  /// What it is called.
  ///
  /// Python: `p.name`.
  ///
  /// @return the name
  public String name() {
    return jvm.name();
  }

  /// Its number in the system.
  ///
  /// Python: `p.pid`.
  ///
  /// @return the process id
  public long pid() {
    return jvm.pid();
  }

  /// Whether it ends with this JVM, which does not wait for it then.
  ///
  /// Python: `p.daemon`.
  ///
  /// @return true if it was started so
  public boolean daemon() {
    return plan.end() == ProcessPlan.End.DAEMON;
  }

  /// Whether it has not ended yet.
  ///
  /// Python: `p.is_alive()`.
  ///
  /// @return false once there is an exit code, and nothing is left of the process
  public boolean isAlive() {
    return !ended.isDone();
  }

  /// What it ended with: 0 if the task returned, 1 if it threw, 143 if it was
  /// [terminated][#terminate], 137 if it was [killed][#kill]; in general, from 129 on, 128 and the
  /// number of the signal that ended it.
  ///
  /// Python: `p.exitcode`, where a signal is a negative number.
  ///
  /// @return the exit code; empty while it is alive
  public OptionalInt exitCode() {
    return isAlive() ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }

  // ---- waiting for it

  /// Waits until it has ended. It may do so a while after its result is there, if threads are left.
  ///
  /// Python: `p.join()`.
  ///
  /// @throws CancellationException if the waiting thread is interrupted; the process goes on
  public void join() {
    await(ended);
  }

  /// Waits until it has ended, but no longer than this.
  ///
  /// Python: `p.join(5)`, followed by a look at `p.exitcode`.
  ///
  /// @param most how long
  /// @return whether it has ended
  /// @throws CancellationException if the waiting thread is interrupted; the process goes on
  public boolean join(Duration most) {
    try {
      ended.get(TimeUnit.NANOSECONDS.convert(most), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Waits for what the task gives back.
  ///
  /// Python has a `Queue` or a `Pipe` for that.
  ///
  /// @return the result
  /// @throws ProcessFailed if the task threw, which is the cause, or if its result cannot travel
  /// @throws WorkerLost if the process ended without a result: killed, terminated, crashed, ended
  ///   by `System.exit`
  /// @throws IllegalStateException if the JVM could not begin with the task; the message has the
  ///   JVM's own words
  /// @throws CancellationException if the waiting thread is interrupted; the process goes on
  public R result() {
    return await(ending).result(name());
  }

  /// Completed when it has ended: with this process, however it ended.
  ///
  /// Python: `multiprocessing.connection.wait([p.sentinel, q.sentinel])`, which here is
  /// `CompletableFuture.anyOf(p.onExit(), q.onExit())`.
  ///
  /// @return a new future, which does not end the process if it is cancelled
  public CompletableFuture<JvmProcess<R>> onExit() {
    return ended.copy();
  }

  private static <T> T await(CompletableFuture<T> end) {
    try {
      return end.get();
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException("interrupted while waiting for a process, which goes on");
  }

  /// What it has printed, and will: standard output and standard error as they come, those of
  /// native code and of the JVM itself too. Each call begins with the first line; the stream ends
  /// with the process, and waits for more until then.
  ///
  /// Python: `for line in Popen(…).stdout`.
  ///
  /// @return lines, read as they are wanted; close it if you do not read to the end
  /// @throws IllegalStateException if the process was not started so that its output is
  ///   [captured][ProcessPlan#captured], or is closed
  public Stream<String> output() {
    if (captured == null) {
      throw new IllegalStateException(
          "the output of process "
              + name()
              + " is not kept; start it with JvmProcess.on(…).captured()");
    }
    return captured.lines(ended);
  }

  // ---- ending it

  /// Asks it to end: the task is interrupted. If it has not ended three seconds later it is sent a
  /// SIGTERM, so that its shutdown hooks run, and is killed after another second. Does not wait.
  ///
  /// A task that returns when it is interrupted has a result as usual.
  ///
  /// Python: `p.terminate()`, where no `finally` is run.
  public void terminate() {
    jvm.control().cancel(Control.ONLY);
    jvm.endAfter(GRACE);
  }

  /// Ends it at once, whatever it does. Does not wait.
  ///
  /// Python: `p.kill()`.
  public void kill() {
    jvm.kill();
  }

  /// Ends it if it has not ended, waits until it has, and deletes its captured output. An interrupt
  /// meanwhile kills it.
  ///
  /// Python: `p.terminate(); p.join(); p.close()`.
  @Override
  public void close() {
    if (isAlive()) {
      terminate();
    }
    try {
      join();
    } catch (CancellationException e) {
      kill();
      throw e;
    } finally {
      if (captured != null) {
        captured.close();
      }
    }
  }

  @Override
  public String toString() {
    return "JvmProcess["
        + name()
        + ", pid "
        + pid()
        + (isAlive() ? ", alive]" : ", exit code " + exitCode + "]");
  }
}
