package io.fanwise.processes.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The processes that tasks of worker JVMs have started, and those that these have: also where the
/// one that started them has ended, since each has passed its environment on. Immutable.
///
/// Who starts a process without that environment, or where the system does not show it, has it
/// known only for as long as those live that started it.
///
/// @param mark the value of [#VARIABLE] in their environment; empty if there is no such thing
public record Children(String mark) {
  /// Says which worker a process belongs to.
  public static final String VARIABLE = "FANWISE_WORKER";

  private static final Path PROCESSES = Path.of("/proc");

  /// Who starts others faster than they are found is looked for so often: reasoned, as each round
  /// ends all that the one before has left.
  private static final int ROUNDS = 10;

  /// Those of a worker.
  ///
  /// @param session what tells its parent from others
  /// @param worker its number
  /// @return its children
  public static Children of(String session, int worker) {
    return new Children(session + "/" + worker);
  }

  /// Those of this JVM, which is a worker.
  static Children ofThisJvm() {
    String mine = System.getenv(VARIABLE);
    return new Children(mine == null ? "" : mine);
  }

  /// Ends them before their worker, so that they are known by that as well.
  ///
  /// @param worker the JVM, which is spared
  public void killBefore(ProcessHandle worker) {
    for (Object child : worker.descendants().toArray()) {
      ((ProcessHandle) child).destroyForcibly();
    }
    kill(worker.pid());
  }

  /// Ends those that have outlived their worker.
  public void kill() {
    kill(0);
  }

  private void kill(long spared) {
    if (mark.isEmpty() || !Files.isDirectory(PROCESSES)) {
      return;
    }
    int found = 1;
    for (int round = 0; found > 0 && round < ROUNDS; round++) {
      found = 0;
      for (Object each : ProcessHandle.allProcesses().toArray()) {
        ProcessHandle process = (ProcessHandle) each;
        if (process.pid() != spared && isMarked(process) && process.destroyForcibly()) {
          found++;
        }
      }
    }
  }

  /// One that is ending has no environment any more; that of others is not ours to read.
  private boolean isMarked(ProcessHandle process) {
    try {
      Path file = PROCESSES.resolve(Long.toString(process.pid())).resolve("environ");
      String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return ("\0" + all).contains("\0" + VARIABLE + "=" + mark + "\0");
    } catch (IOException e) {
      return false;
    }
  }
}
