package io.fanwise.processes;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// How processes are to be started. Each setting returns a copy. Immutable.
///
/// ```java
/// JvmProcess.on(Processes.of(1).heap("8g")).name("fit").captured().start(() -> Model.fit(0.5));
/// ```
public final class ProcessPlan {
  private final Processes backend;
  private final String name;
  private final End end;
  private final Prints output;

  /// What becomes of a process when this JVM has nothing else to do.
  enum End {
    /// This JVM waits for it.
    AWAITED,
    /// It ends with this JVM.
    DAEMON
  }

  /// Where what it prints goes.
  enum Prints {
    /// To the standard streams of this JVM.
    HERE,
    /// Into a file, to be read.
    CAPTURED
  }

  private ProcessPlan(Processes backend, String name, End end, Prints output) {
    this.backend = backend;
    this.name = name;
    this.end = end;
    this.output = output;
  }

  static ProcessPlan on(Processes backend) {
    return new ProcessPlan(requireNonNull(backend, "backend"), "", End.AWAITED, Prints.HERE);
  }

  Processes description() {
    return backend;
  }

  String name() {
    return name;
  }

  End end() {
    return end;
  }

  Prints output() {
    return output;
  }

  /// Names the process: in messages, and in front of lines if they are [tagged][Processes#tagged].
  /// Without it, it is `fan-process-1` and so on.
  ///
  /// Python: `Process(name="fit", …)`.
  ///
  /// @param name not empty
  /// @return a copy
  /// @throws IllegalArgumentException if it is empty
  public ProcessPlan name(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("the name of a process must not be empty");
    }
    return new ProcessPlan(backend, name, end, output);
  }

  /// Has the process end with this JVM. Without it this JVM does not end before the process has,
  /// unless by `System.exit` or a signal, which the process does not survive.
  ///
  /// Python: `Process(daemon=True, …)`.
  ///
  /// @return a copy
  public ProcessPlan daemon() {
    return new ProcessPlan(backend, name, End.DAEMON, output);
  }

  /// Keeps everything that the process prints for [JvmProcess#output], also what native code and
  /// the JVM itself print. Without it, what the task prints appears on the standard streams of this
  /// JVM line by line, and the rest is told by [io.fanwise.work.WorkerLost] if the process is lost.
  ///
  /// Python: `subprocess.Popen(…, stdout=PIPE, stderr=STDOUT)`; but nobody need read it.
  ///
  /// @return a copy
  public ProcessPlan captured() {
    return new ProcessPlan(backend, name, end, Prints.CAPTURED);
  }

  /// Starts a process, and does not wait for it.
  ///
  /// @param program what it runs
  /// @param <R> what that gives back
  /// @return the process
  /// @throws IllegalArgumentException if the program captures something that cannot travel; the
  ///   message says what
  /// @throws IllegalStateException if the system cannot start a process
  public <R extends @Nullable Object> JvmProcess<R> start(Program<R> program) {
    return JvmProcess.started(this, requireNonNull(program, "program"));
  }

  /// Starts a process of which nothing comes back, and does not wait for it.
  ///
  /// @param procedure what it runs
  /// @return the process
  /// @throws IllegalArgumentException if the procedure captures something that cannot travel; the
  ///   message says what
  /// @throws IllegalStateException if the system cannot start a process
  public JvmProcess<@Nullable Void> start(Procedure procedure) {
    return JvmProcess.started(this, requireNonNull(procedure, "procedure"));
  }
}
