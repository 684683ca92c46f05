package io.fanwise.cli.exec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.cli.exec.Seat.Source;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Starts programs by `posix_spawn` and follows them by `poll`, both called straight from the
/// thread that waits: without a helper process, without a thread. Safe for use by many threads.
final class PosixSpawner implements Spawner {
  private static final Set<String> PROCESSORS = Set.of("amd64", "x86_64", "aarch64");
  private static final String SHELL = "/bin/sh";

  private final Duration grace;
  private final Environment environment = new Environment();
  private final MemorySegment attributes = Libc.attributes(Arena.ofAuto());
  private final Children children = new Children();
  private final Seats seats = new Seats();

  PosixSpawner(Duration grace) {
    this.grace = grace;
  }

  /// True if this machine has all it takes: Linux, since 5.3, with glibc, since 2.34.
  static boolean works() {
    return System.getProperty("os.name").equals("Linux")
        && PROCESSORS.contains(System.getProperty("os.arch"))
        && libcWorks();
  }

  @Override
  public Finished run(Command command) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(command.program() + " was not started: interrupted");
    }
    children.refuseIfClosed();
    Seat seat = seats.take(command);
    try {
      return run(command, seat);
    } finally {
      seats.giveBack(seat);
    }
  }

  @Override
  public int running() {
    return children.count();
  }

  @Override
  public void close() {
    children.close(grace);
    seats.close();
  }

  private Finished run(Command command, Seat seat) throws InterruptedException {
    PosixChild child = start(command, seat);
    try {
      children.add(child);
      if (seat.alarm().rangDuring(child::await)) {
        Thread.interrupted(); // it has been heard
        throw new InterruptedException(command.program() + " was ended: interrupted");
      }
      return child.finished();
    } finally {
      if (!child.reaped()) {
        child.end(grace);
      }
      children.remove(child);
    }
  }

  private PosixChild start(Command command, Seat seat) {
    try (Arena arena = Arena.ofConfined();
        Descriptors theirs = new Descriptors()) {
      int stdin =
          command.stdin().isEmpty() ? Libc.NOTHING : theirs.add(readable(command, seat, arena));
      int stdout = theirs.add(pipe(command, seat, Source.STDOUT));
      int stderr = theirs.add(pipe(command, seat, Source.STDERR));
      MemorySegment actions =
          Libc.actions(arena, stdin, stdout, stderr, command.directory().toString());
      try {
        long started = System.nanoTime();
        int pid = spawn(command, seat, actions, arena);
        seat.watch(Source.END, watched(command, seat, pid));
        return new PosixChild(pid, started, command.keep(), seat);
      } finally {
        Libc.destroy(actions);
      }
    }
  }

  private int spawn(Command command, Seat seat, MemorySegment actions, Arena arena) {
    MemorySegment variables = environment.with(command.environment(), arena);
    int error = spawn(seat, command.words(), actions, variables, arena);
    if (error == Libc.ENOEXEC) {
      error = spawn(seat, asScript(command), actions, variables, arena);
    }
    if (error != 0) {
      throw NotStarted.of(command, error);
    }
    return seat.number().get(JAVA_INT, 0);
  }

  private int spawn(
      Seat seat, List<String> words, MemorySegment actions, MemorySegment variables, Arena arena) {
    List<MemorySegment> texts = words.stream().map(arena::allocateFrom).toList();
    MemorySegment vector = Environment.vector(texts, arena);
    return Libc.spawn(seat.number(), texts.getFirst(), actions, attributes, vector, variables);
  }

  /// A script without a first line that names its interpreter is the shell's, as it is for every
  /// shell.
  private static List<String> asScript(Command command) {
    List<String> words = new ArrayList<>(List.of(SHELL));
    words.addAll(command.words());
    if (!command.program().contains("/")) {
      NotStarted.file(command).ifPresent(file -> words.set(1, file.toString()));
    }
    return words;
  }

  /// Makes a pipe that the seat reads; returns the end to write.
  private static int pipe(Command command, Seat seat, Source source) {
    check(command, seat, Libc.pipe(seat.errno(), seat.pair()));
    seat.watch(source, seat.pair().getAtIndex(JAVA_INT, 0));
    return seat.pair().getAtIndex(JAVA_INT, 1);
  }

  /// A file with what the program is to read. It can be longer than a pipe, and nobody has to feed
  /// it.
  private static int readable(Command command, Seat seat, Arena arena) {
    int file = check(command, seat, Libc.memory(seat.errno(), arena.allocateFrom("stdin")));
    byte[] bytes = command.stdin().getBytes(UTF_8);
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, Math.toIntExact(seat.chunk().byteSize()));
      MemorySegment.copy(bytes, at, seat.chunk(), JAVA_BYTE, 0, count);
      long written = Libc.write(seat.errno(), file, seat.chunk(), count);
      at += check(command, seat, (int) written);
    }
    Libc.rewind(file);
    return file;
  }

  /// The descriptor that tells when the child ends; without one it must not run.
  private static int watched(Command command, Seat seat, int pid) {
    int watched = Libc.watch(seat.errno(), pid);
    if (watched < 0) {
      int reason = Libc.reason(seat.errno());
      Libc.killGroup(pid, Libc.SIGKILL);
      Libc.wait(seat.errno(), pid, seat.number());
      throw NotStarted.of(command, reason);
    }
    return watched;
  }

  private static int check(Command command, Seat seat, int result) {
    if (result < 0) {
      throw NotStarted.of(command, Libc.reason(seat.errno()));
    }
    return result;
  }

  private static boolean libcWorks() {
    try (Seats seats = new Seats()) {
      Seat seat = seats.take(Command.of("true"));
      int watched = Libc.watch(seat.errno(), Math.toIntExact(ProcessHandle.current().pid()));
      seat.watch(Source.END, watched);
      seats.giveBack(seat);
      return watched >= 0;
    } catch (LinkageError missingOrDenied) {
      return false;
    }
  }
}
