package io.fanwise.cli.exec;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/// The seats that no run has taken. There come to be as many as ever were taken at once. Safe for
/// use by many threads.
final class Seats implements AutoCloseable {
  private final Deque<Seat> free = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /// A seat to run the command in.
  Seat take(Command command) {
    Seat seat = free.pollFirst();
    return seat == null ? make(command) : seat;
  }

  /// Takes a seat back; one whose alarm rang is of no use any more.
  void giveBack(Seat seat) {
    if (seat.alarm().isOpen()) {
      seat.clear();
      free.addFirst(seat);
    } else {
      seat.release();
    }
    if (closed) {
      releaseAll();
    }
  }

  @Override
  public void close() {
    closed = true;
    releaseAll();
  }

  private void releaseAll() {
    for (Seat seat = free.pollFirst(); seat != null; seat = free.pollFirst()) {
      seat.release();
    }
  }

  private static Seat make(Command command) {
    int event = Libc.event();
    if (event < 0) {
      throw NotStarted.of(command, Libc.EMFILE);
    }
    return new Seat(new Alarm(event));
  }
}
