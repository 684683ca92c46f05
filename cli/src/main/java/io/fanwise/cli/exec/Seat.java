package io.fanwise.cli.exec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// What one run needs outside the heap, taken by one run after another: memory for the calls into
/// C, the descriptors it waits for, and the alarm that wakes it. Confined to the thread that has
/// taken it.
final class Seat {
  /// What a run waits for. The alarm stays with the seat; the others belong to one run.
  enum Source {
    ALARM(0),
    END(1),
    STDOUT(2),
    STDERR(3);

    private final long at;

    Source(int index) {
      at = index * POLLFD;
    }
  }

  private static final long SOURCES = Source.values().length;
  private static final int NOBODY = -1; // poll passes over it
  private static final long CHUNK = 64 << 10; // what a pipe holds
  private static final long POLLFD = 8; // int fd; short events; short revents
  private static final long EVENTS = 4;
  private static final long HAPPENED = 6;

  private final Arena arena = Arena.ofAuto();
  private final Alarm alarm;
  private final MemorySegment errno = arena.allocate(Libc.ERRNO);
  private final MemorySegment sources = arena.allocate(SOURCES * POLLFD, JAVA_INT.byteAlignment());
  private final MemorySegment number = arena.allocate(JAVA_INT);
  private final MemorySegment pair = arena.allocate(JAVA_INT, 2);
  private final MemorySegment chunk = arena.allocate(CHUNK);

  Seat(Alarm alarm) {
    this.alarm = alarm;
    watch(Source.ALARM, alarm.descriptor());
    watch(Source.END, NOBODY);
    watch(Source.STDOUT, NOBODY);
    watch(Source.STDERR, NOBODY);
  }

  Alarm alarm() {
    return alarm;
  }

  MemorySegment errno() {
    return errno;
  }

  /// A place for one number.
  MemorySegment number() {
    return number;
  }

  /// A place for two numbers.
  MemorySegment pair() {
    return pair;
  }

  /// A place for as much as is read or written at once.
  MemorySegment chunk() {
    return chunk;
  }

  void watch(Source source, int descriptor) {
    sources.set(JAVA_INT, source.at, descriptor);
    sources.set(JAVA_SHORT, source.at + EVENTS, Libc.POLLIN);
    sources.set(JAVA_SHORT, source.at + HAPPENED, (short) 0);
  }

  boolean watches(Source source) {
    return descriptor(source) != NOBODY;
  }

  /// Waits until one of them is ready, at most so long.
  void await(Duration most) {
    long millis = most.plusNanos(999_999).toMillis();
    int timeout = millis > Integer.MAX_VALUE ? -1 : (int) millis;
    if (Libc.poll(errno, sources, SOURCES, timeout) < 0) {
      throw new IllegalStateException("poll failed, error " + Libc.reason(errno));
    }
  }

  /// True if there is something to read, or never will be.
  boolean ready(Source source) {
    return happened(source) != 0;
  }

  /// True if there is something to read.
  boolean readable(Source source) {
    return (happened(source) & Libc.POLLIN) != 0;
  }

  /// Reads what there is into the chunk; 0 at the end.
  int read(Source source) {
    long count = Libc.read(errno, descriptor(source), chunk, CHUNK);
    if (count < 0) {
      throw new IllegalStateException("read failed, error " + Libc.reason(errno));
    }
    return (int) count;
  }

  /// Closes the descriptor, unless that was done before.
  void drop(Source source) {
    if (watches(source)) {
      Libc.close(descriptor(source));
      watch(source, NOBODY);
    }
  }

  /// Waits for the others only, from now on.
  void muteAlarm() {
    watch(Source.ALARM, NOBODY);
  }

  /// Drops what belongs to one run, and listens to the alarm again.
  void clear() {
    drop(Source.END);
    drop(Source.STDOUT);
    drop(Source.STDERR);
    watch(Source.ALARM, alarm.descriptor());
  }

  void release() {
    clear();
    alarm.release();
  }

  private int descriptor(Source source) {
    return sources.get(JAVA_INT, source.at);
  }

  private short happened(Source source) {
    return sources.get(JAVA_SHORT, source.at + HAPPENED);
  }
}
