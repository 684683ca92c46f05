package io.fanwise.shared;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A worker JVM, as the objects know it that it shares with others: who it is, what it asks, and
/// that it is gone. Made by [Broker#peer], one for each JVM that is started, by what starts it.
///
/// Safe for use by many threads.
public final class Peer {
  private static final AtomicLong NUMBERS = new AtomicLong();

  static final Peer SELF = new Peer("this JVM", Home.HERE, null);

  // HERE ──▶ LEFT | LOST
  private enum State {
    HERE,
    LEFT,
    LOST
  }

  private final long number = NUMBERS.incrementAndGet();
  private final String name;
  private final Home home;
  private final @Nullable Connections parent;
  private final Set<Attended> attended = ConcurrentHashMap.newKeySet();
  private final Map<Long, Resident> made = new ConcurrentHashMap<>();

  /// Workers of this worker, also those that are gone: what they have said may arrive later.
  private final Map<Long, Peer> guests = new ConcurrentHashMap<>();

  private volatile State state = State.HERE;
  private volatile boolean relayed;

  /// One connection of a worker.
  interface Attended extends Closeable {
    /// Until it ends.
    void run() throws IOException;

    @Override
    void close();

    static void end(Closeable one) {
      try {
        one.close();
      } catch (IOException e) {
        // it is of no use any more, closed or not
        return;
      }
    }
  }

  /// @param home where the objects live that it asks for
  /// @param parent where they live instead, if this JVM is a worker itself
  Peer(String name, Home home, @Nullable Connections parent) {
    this.name = name;
    this.home = home;
    this.parent = parent;
  }

  long number() {
    return number;
  }

  String name() {
    return name;
  }

  Home home() {
    return home;
  }

  boolean gone() {
    return state != State.HERE;
  }

  boolean lost() {
    return state == State.LOST;
  }

  /// Answers what this worker asks over one connection, until that ends. It may have several.
  ///
  /// The calling thread only reads, so a virtual one will do. The channel must be in blocking mode;
  /// it is closed at the end.
  ///
  /// @param channel the connection, on which nothing has been read or written
  /// @throws IOException if the connection broke, or what came over it was malformed; the message
  ///   says how
  public void serve(ByteChannel channel) throws IOException {
    try (Attended one =
        parent == null ? new Service(this, channel) : new Relay(this, parent, channel)) {
      attended.add(one);
      try {
        if (!gone()) {
          one.run();
        }
      } finally {
        attended.remove(one);
      }
    }
  }

  /// A worker of this worker.
  ///
  /// @param guest the number it has there
  Peer guest(long guest, String called) {
    Peer known = guests.computeIfAbsent(guest, _ -> new Peer(called + " of " + name, home, parent));
    if (gone()) {
      known.end(state);
    }
    return known;
  }

  void guestIsGone(long guest, boolean lost) {
    guest(guest, "a worker").end(lost ? State.LOST : State.LEFT);
  }

  /// From now on the JVM that started this one knows it too, and is to be told of its end.
  void relayed() {
    relayed = true;
  }

  /// This worker died. All it held is let go, all it waits for is cancelled, all it made is
  /// dropped, and the others learn of it as each type says. Further calls do nothing.
  public void die() {
    end(State.LOST);
  }

  /// This worker has ended as it should. As [#die], but it is no reason for a barrier to break.
  public void leave() {
    end(State.LEFT);
  }

  private void end(State how) {
    synchronized (this) {
      if (gone()) {
        return;
      }
      state = how;
    }
    attended.forEach(Attended::close);
    guests.values().forEach(guest -> guest.end(how));
    made.clear();
    home.lost(this);
    if (parent != null && relayed) {
      parent.tell(new Message.Gone(number, how == State.LOST));
    }
  }

  /// Makes an object that this worker asks for. It lives until the worker drops it or is gone.
  Reference make(Kind kind, long size) {
    var resident = new Resident(kind, kind.create(size));
    made.put(resident.id(), resident);
    if (gone()) {
      made.clear();
    }
    return home.reference(resident);
  }

  void drop(long id) {
    made.remove(id);
  }

  @Nullable Resident find(long id) {
    return home.find(id);
  }
}
