package io.fanwise.shared;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A worker JVM, as the objects know it that it shares with others: who it is, what it asks, and
/// that it is gone. Made by [Broker#peer], one for each JVM that is started, by what starts it.
///
/// Safe for use by many threads.
public final class Peer {
  static final Peer SELF = new Peer("this JVM");

  // HERE ──▶ LEFT | LOST
  private enum State {
    HERE,
    LEFT,
    LOST
  }

  private final String name;
  private final Set<Service> services = ConcurrentHashMap.newKeySet();
  private final Map<Long, Resident> made = new ConcurrentHashMap<>();
  private volatile State state = State.HERE;

  Peer(String name) {
    this.name = name;
  }

  String name() {
    return name;
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
    try (var service = new Service(this, channel)) {
      services.add(service);
      try {
        if (!gone()) {
          service.run();
        }
      } finally {
        services.remove(service);
      }
    }
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
    services.forEach(Service::close);
    made.clear();
    Home.HERE.lost(this);
  }

  /// Makes an object that this worker asks for. It lives until the worker drops it or is gone.
  Reference make(Kind kind, long size) {
    var resident = new Resident(kind, kind.create(size));
    made.put(resident.id(), resident);
    if (gone()) {
      made.clear();
    }
    return Home.HERE.reference(resident);
  }

  void drop(long id) {
    made.remove(id);
  }

  @Nullable Resident find(long id) {
    return Home.HERE.find(id);
  }
}
