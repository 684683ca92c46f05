package io.fanwise.processes;

import io.fanwise.processes.worker.Control;
import io.fanwise.processes.worker.Hello;
import io.fanwise.processes.worker.Line;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One worker JVM: its process, and what connects it with this one. Safe for use by many threads.
final class WorkerJvm {
  /// Its end of the connection breaks a moment before the process is known to have ended.
  private static final long EXIT_MILLIS = 1_000;

  private final Session session;
  private final int number;
  private final String name;
  private final Path log;
  private final Process process;
  private final Control control;
  private final CompletableFuture<Line> line = new CompletableFuture<>();

  private WorkerJvm(
      Session session, int number, String name, Path log, Process process, Control control) {
    this.session = session;
    this.number = number;
    this.name = name;
    this.log = log;
    this.process = process;
    this.control = control;
  }

  /// Starts one; does not wait for it.
  static WorkerJvm start(Processes description) throws IOException {
    Session session = Session.current();
    int number = session.nextNumber();
    String name = "fan-worker-" + number;
    Path page = session.directory().resolve("c" + number);
    Path log = session.directory().resolve(name + ".log");
    Control control = Control.create(page);
    Process process =
        new ProcessBuilder(Command.of(description, session, number, name, page, log))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    WorkerJvm worker = new WorkerJvm(session, number, name, log, process, control);
    session.expect(number, worker);
    try (OutputStream in = process.getOutputStream()) {
      in.write(session.token());
    } catch (IOException e) {
      // it has ended already, which will be noticed
    }
    var _ = process.onExit().thenRun(worker::exited);
    return worker;
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  Control control() {
    return control;
  }

  /// Takes a line that the worker has opened.
  ///
  /// @return whether it is in use from now on
  boolean connected(Hello hello, Line opened) {
    return hello.line() == Hello.WORK && line.complete(opened);
  }

  private void exited() {
    line.completeExceptionally(new IOException("the process has ended"));
  }

  /// Waits until the worker has connected, however long that takes.
  ///
  /// @throws IOException if it ended before
  Line line() throws IOException {
    while (true) {
      try {
        return line.get();
      } catch (ExecutionException e) {
        throw new IOException("the worker JVM ended before it connected", e.getCause());
      } catch (InterruptedException e) {
        // lanes are not interrupted by anybody who knows them
      }
    }
  }

  /// Ends the process, whatever it is doing.
  void kill() {
    process.destroyForcibly();
  }

  /// It has been told to end: it is given a moment for that.
  void dismissed() {
    exitCode();
    close(null);
  }

  /// What the process ended with; waits a moment, as it is ending.
  ///
  /// @return the code; -1 if it does not end, and is killed therefore
  int exitCode() {
    try {
      return process.onExit().get(EXIT_MILLIS, TimeUnit.MILLISECONDS).exitValue();
    } catch (TimeoutException | ExecutionException e) {
      kill();
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /// What it wrote last, apart from tasks that print.
  LastWords lastWords() {
    return LastWords.of(log, session.directory(), process.pid());
  }

  /// Lets go of everything: it has ended, or is told to.
  void close(@Nullable Line opened) {
    session.forget(number);
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        // gone either way
      }
    }
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      // the session's end deletes it
    }
  }
}
