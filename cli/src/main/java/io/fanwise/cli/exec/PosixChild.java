package io.fanwise.cli.exec;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.fanwise.cli.exec.Seat.Source;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// A child of this process, leader of its own group, whose outputs come through pipes. Confined to
/// the thread that runs the command, apart from what [Child] says.
final class PosixChild implements Child {
  // >(tee log) in a shell goes on printing for a moment; a daemon keeps the pipe open for ever
  private static final Duration LINGER = Duration.ofMillis(100);
  // a pipe holds 64 KiB, or what its owner asked for, a MiB at most (/proc/sys/fs/pipe-max-size)
  private static final int CHUNKS_IN_A_PIPE = 16;
  private static final Duration FOR_EVER = Duration.ofDays(10_000);

  private final int pid;
  private final long started;
  private long ended;
  private final Seat seat;
  private final Collected stdout;
  private final Collected stderr;

  // RUNNING ──▶ ENDED ──▶ REAPED     (moved by the owner only; from ENDED under `lock`, as its id
  // may then be another's)
  private enum State {
    RUNNING,
    ENDED,
    REAPED
  }

  private final Lock lock = new ReentrantLock();
  private volatile State state = State.RUNNING;
  private volatile Descendants descendants = Descendants.NONE;

  /// A child that was started at `started`; `seat` watches its end and its outputs.
  PosixChild(int pid, long started, Keep keep, Seat seat) {
    this.pid = pid;
    this.started = started;
    this.seat = seat;
    stdout = Collected.head(keep.stdout());
    stderr = Collected.tail(keep.stderr());
  }

  /// Reads what the program prints until it has ended, or the alarm rings.
  void await() {
    while (state == State.RUNNING && !seat.ready(Source.ALARM)) {
      look(FOR_EVER);
    }
    long deadline = ended + LINGER.toNanos();
    while (prints() && System.nanoTime() < deadline && !seat.ready(Source.ALARM)) {
      look(Duration.ofNanos(deadline - System.nanoTime()));
    }
    for (int i = 0; i < CHUNKS_IN_A_PIPE && prints(); i++) {
      look(Duration.ZERO);
    }
  }

  /// What has become of the program that has ended.
  Finished finished() {
    return new Finished(
        reap(), stdout.output(), stderr.output(), Duration.ofNanos(ended - started));
  }

  /// Ends the tree, with this much time to end by itself. An interrupt does not shorten it.
  void end(Duration grace) {
    seat.muteAlarm();
    terminate();
    awaitGone(grace);
    kill();
    while (state == State.RUNNING) {
      look(FOR_EVER);
    }
    awaitGone(Children.LAST);
    reap();
  }

  @Override
  public void terminate() {
    descendants = Descendants.of(pid);
    signal(Libc.SIGTERM);
    signal(Libc.SIGCONT); // a stopped program does not see that it should end
    descendants.terminate(process -> Libc.group((int) process.pid()) != pid);
  }

  @Override
  public void kill() {
    descendants = descendants.andThoseOf(pid);
    signal(Libc.SIGKILL);
    descendants.kill();
  }

  @Override
  public boolean gone() {
    return state != State.RUNNING && descendants.gone();
  }

  boolean reaped() {
    return state == State.REAPED;
  }

  private void awaitGone(Duration most) {
    long deadline = System.nanoTime() + most.toNanos();
    while (!gone() && System.nanoTime() < deadline) {
      look(Children.GLANCE);
    }
  }

  private boolean prints() {
    return seat.watches(Source.STDOUT) || seat.watches(Source.STDERR);
  }

  /// Takes what has happened, or what happens within `most`.
  private void look(Duration most) {
    seat.await(most);
    read(Source.STDOUT, stdout);
    read(Source.STDERR, stderr);
    if (seat.ready(Source.END)) {
      ended = System.nanoTime();
      state = State.ENDED;
      seat.drop(Source.END);
    }
  }

  private void read(Source source, Collected output) {
    if (seat.readable(source)) {
      int count = seat.read(source);
      if (count > 0) {
        output.add(seat.chunk(), count);
      } else {
        seat.drop(source);
      }
    } else if (seat.ready(source)) {
      seat.drop(source); // every writer has closed it, and it is empty
    }
  }

  private void signal(int signal) {
    lock.lock();
    try {
      if (state != State.REAPED) {
        Libc.killGroup(pid, signal);
      }
    } finally {
      lock.unlock();
    }
  }

  private Exit reap() {
    lock.lock();
    try {
      int waited = Libc.wait(seat.errno(), pid, seat.number());
      state = State.REAPED;
      if (waited != pid) {
        throw new IllegalStateException(
            "How a program ended is not known: this JVM was started with SIGCHLD ignored.");
      }
      return exit(seat.number().get(JAVA_INT, 0));
    } finally {
      lock.unlock();
    }
  }

  private static Exit exit(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? new Exit.Code(status >> 8 & 0xff) : new Exit.Signal(signal);
  }
}
