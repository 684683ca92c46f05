package io.fanwise.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A worker's connections to where its shared objects live: one for each thread that asks at the
/// same time; and what the worker has of these objects, one for each.
///
/// Safe for use by many threads.
final class Connections {

  /// As many as threads usually are in a worker; more are closed when they are not used.
  private static final int SPARE = 8;

  private final Broker.Dial dial;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final Map<Reference, WeakReference<Object>> faces = new HashMap<>();
  private final Set<Reference> made = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Long> dropped = new ConcurrentLinkedQueue<>();

  /// Started when the first object arrives.
  private static final class Cleaners {
    static final Cleaner CLEANER = Cleaner.create();
  }

  Connections(Broker.Dial dial) {
    this.dial = dial;
  }

  /// What this JVM has of an object: always the same one, as long as somebody here holds it.
  Object arrived(Reference reference) {
    return face(reference);
  }

  /// A new object, there.
  Object make(Kind kind, long size) {
    var question = new Message.Make(kind, size);
    if (ask(question, false) instanceof Message.Made(var home, var same, var id) && same == kind) {
      var reference = new Reference(home, kind, id);
      made.add(reference);
      return face(reference);
    }
    throw new IllegalStateException("no " + kind.noun() + " was made");
  }

  private synchronized Object face(Reference reference) {
    WeakReference<Object> known = faces.get(reference);
    Object face = known == null ? null : known.get();
    if (face == null) {
      var line = new Remote(this, reference);
      face = reference.kind().face(line);
      faces.put(reference, new WeakReference<>(face));
      // by the line: whatever a user holds, such as one end of a pipe, holds that
      Cleaners.CLEANER.register(line, () -> forget(reference));
    }
    return face;
  }

  private synchronized void forget(Reference reference) {
    WeakReference<Object> known = faces.get(reference);
    if (known != null && known.refersTo(null)) {
      faces.remove(reference);
      if (made.remove(reference)) {
        dropped.add(reference.id());
      }
    }
  }

  /// Asks, and waits for the answer. If the thread is interrupted meanwhile, a question that can be
  /// cancelled is; in any case the thread is marked again afterwards.
  Message ask(Message question, boolean cancellable) {
    byte[] frame = question.encoded();
    // what waits in a socket must not be lost to an interrupt, so that is noted and put back
    boolean interrupted = Thread.interrupted();
    Connection connection = null;
    try {
      Connection spare = idle.pollFirst();
      if (spare == null) {
        spare = open();
        interrupted |= Thread.interrupted();
      }
      connection = spare;
      tellDropped(connection);
      Message answer = connection.ask(frame, cancellable && interrupted, cancellable);
      interrupted |= connection.interrupted();
      giveBack(connection);
      connection = null;
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the JVM where this shared object lives cannot be reached, so it is not known whether the last"
              + " call was done: "
              + e.getMessage(),
          e);
    } finally {
      if (connection != null) {
        interrupted |= connection.interrupted();
        connection.close();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Says something that has no answer. If it cannot be said, nobody is there who needs to hear it.
  void tell(Message message) {
    boolean interrupted = Thread.interrupted();
    Connection connection = null;
    try {
      Connection spare = idle.pollFirst();
      connection = spare == null ? open() : spare;
      connection.tell(message);
      giveBack(connection);
    } catch (IOException e) {
      if (connection != null) {
        connection.close();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// A connection of one's own.
  SocketChannel dial() throws IOException {
    return dial.dial();
  }

  private Connection open() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return new Connection(dial.dial());
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void tellDropped(Connection connection) throws IOException {
    @Nullable Long id;
    while ((id = dropped.poll()) != null) {
      connection.tell(new Message.Drop(id));
    }
  }

  private void giveBack(Connection connection) {
    if (idle.size() < SPARE) {
      idle.addFirst(connection);
    } else {
      connection.close();
    }
  }
}
