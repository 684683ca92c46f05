package io.fanwise.shared;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// Where shared objects of this JVM are found by other JVMs, and theirs by this one. For those who
/// start worker JVMs; who uses shared objects needs [Shared] only.
///
/// In the JVM that starts workers: a [Peer] for each, told of its connections and its end. In the
/// worker: one call of [#connect], before any task.
///
/// Safe for use by many threads.
public final class Broker {
  private static volatile @Nullable Connections parent;

  private Broker() {}

  /// How a worker gets a connection to the JVM that started it.
  @FunctionalInterface
  public interface Dial {

    /// Opens one more. Called whenever more threads than ever wait for shared objects at the same
    /// time.
    ///
    /// @return the connection, blocking, with nothing to be read; [Peer#serve] is at its other end
    /// @throws IOException if that JVM cannot be reached
    SocketChannel dial() throws IOException;
  }

  /// This JVM is a worker, and that is how it reaches the JVM that started it. From now on what is
  /// made here lives there.
  ///
  /// @param dial opens a connection
  public static void connect(Dial dial) {
    parent = new Connections(dial);
  }

  /// A worker JVM that this JVM starts.
  ///
  /// @param name what it is called in errors; need not be unique
  /// @return a new one
  public static Peer peer(String name) {
    return new Peer(name, Home.HERE, parent);
  }

  static Object create(Kind kind, long size) {
    Connections connections = parent;
    return connections == null
        ? new Resident(kind, kind.create(size)).face()
        : connections.make(kind, size);
  }

  static Object arrived(Reference reference) {
    if (Home.HERE.is(reference.home())) {
      Resident resident = Home.HERE.find(reference.id());
      if (resident == null) {
        throw Resident.gone(reference.kind()).atCaller();
      }
      return resident.face();
    }
    Connections connections = parent;
    if (connections == null) {
      throw new IllegalStateException(
          "a shared "
              + reference.kind().noun()
              + " can be used in the JVM that made it and in worker JVMs started from there; this is"
              + " neither");
    }
    return connections.arrived(reference);
  }
}
