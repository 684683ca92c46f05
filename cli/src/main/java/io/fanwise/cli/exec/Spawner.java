package io.fanwise.cli.exec;

import java.time.Duration;

/// Runs programs, one for each thread that asks, and ends those that are no longer wanted. Safe for
/// use by many threads.
///
/// A program runs with nothing on standard input unless [Command#stdin] gives it something; its
/// outputs are pipes or files of its own, so those of two programs never mix. When the *program*
/// has ended, the run has ended: what it left in the background lives on, as after `xargs` or GNU
/// parallel, and what that prints later is not waited for (a tenth of a second, on Linux, so that
/// the output of `>(tee log)` is not lost).
///
/// An interrupt, which is how a run is cancelled or timed out, ends the whole tree: the program's
/// process group and, where they left the group, its descendants. They are asked by SIGTERM, and
/// killed after a grace.
///
/// Where this runs on Linux with glibc, a program is the leader of a process group of its own. So
/// Ctrl-C in a terminal reaches this JVM only, which should [#close] the spawner in a shutdown
/// hook; and a program that asks for a password at the terminal is stopped by the system, so let it
/// ask for nothing.
///
/// A run blocks its thread, and a virtual thread's carrier with it: run programs from platform
/// threads.
public sealed interface Spawner extends AutoCloseable permits PosixSpawner, PortableSpawner {

  /// The system property that says which spawner to open, `posix` or `portable`, where the choice
  /// is not to be left to the machine.
  String CHOICE = "fanwise.spawner";

  /// How long a program has to end itself, unless said otherwise.
  Duration GRACE = Duration.ofSeconds(2);

  /// The fastest spawner this machine has.
  static Spawner open() {
    return open(GRACE);
  }

  /// The fastest spawner this machine has; a program has `grace` between being asked to end and
  /// being killed.
  static Spawner open(Duration grace) {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative, was " + grace);
    }
    String choice = System.getProperty(CHOICE, PosixSpawner.works() ? "posix" : "portable");
    return switch (choice) {
      case "posix" -> new PosixSpawner(grace);
      case "portable" -> new PortableSpawner(grace);
      default ->
          throw new IllegalArgumentException(
              "system property " + CHOICE + " must be posix or portable, was " + choice);
    };
  }

  /// Runs a program to its end.
  ///
  /// @throws NotStarted if there is no such program, or the system does not start it
  /// @throws InterruptedException if the thread was interrupted; by then the program and all it
  ///   started have ended, or were killed
  /// @throws IllegalStateException if the spawner is closed
  Finished run(Command command) throws InterruptedException;

  /// How many programs run now.
  int running();

  /// Ends all that runs, with the grace for each and all at once, and starts no more. What was
  /// running comes back from [#run] as ended by a signal. Returns when all have ended, or were
  /// killed. May be called again, and from a shutdown hook.
  @Override
  void close();
}
