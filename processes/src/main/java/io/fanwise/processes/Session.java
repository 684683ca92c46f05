package io.fanwise.processes;

import io.fanwise.processes.worker.Children;
import io.fanwise.processes.worker.Hello;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What this JVM has in common with all its worker JVMs: a directory that only its user may enter,
/// a socket in it, a secret, and a number for each worker. Made when first needed; gone with the
/// JVM.
///
/// Safe for use by many threads.
final class Session {
  /// A longer path is refused by the system: facts say 90 bytes work, 107 do not.
  private static final int LONGEST_SOCKET = 90;

  private static final int MOST_COPIES = 100;

  /// A worker may be on its way to be started, and write a file while the others are deleted.
  private static final int LAST_LOOKS = 5;

  private static @Nullable Session current;
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final Path directory;
  private final Path socket;
  private final byte[] token;
  private @Nullable ServerSocketChannel server;
  private final Map<Integer, WorkerJvm> workers = new ConcurrentHashMap<>();
  private volatile boolean ended;

  private Session() throws IOException {
    this.directory = made();
    this.socket = directory.resolve("s");
    this.token = secret();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(null, this::end, "fan-processes-end", 0, false));
  }

  /// The session of this JVM: another, if somebody has tidied its directory away.
  static synchronized Session current() {
    if (current != null && current.ended) {
      throw new IllegalStateException("this JVM is ending");
    }
    if (current == null || !Files.isDirectory(current.directory)) {
      try {
        current = new Session();
      } catch (IOException e) {
        throw new UncheckedIOException(
            "worker JVMs need a directory for their socket and logs, which cannot be made: " + e,
            e);
      }
    }
    return current;
  }

  /// Nobody else has a directory of this name, unless there are two of this class in this JVM.
  private static Path made() throws IOException {
    String name = Leftovers.name(ProcessHandle.current());
    Path usual = Path.of(System.getProperty("java.io.tmpdir"));
    boolean fits = usual.resolve(name).resolve("s").toString().length() <= LONGEST_SOCKET;
    Path base = (fits ? usual : Path.of("/tmp")).toAbsolutePath();
    for (int copy = 1; ; copy++) {
      try {
        Path place = base.resolve(copy == 1 ? name : name + "-" + copy);
        return Files.createDirectory(place, Leftovers.ownerOnly());
      } catch (FileAlreadyExistsException e) {
        if (copy == MOST_COPIES) {
          throw e;
        }
      }
    }
  }

  /// Straight from the kernel where that is possible: the first SecureRandom of a JVM takes long.
  private static byte[] secret() {
    try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
      return random.readNBytes(Hello.TOKEN_BYTES);
    } catch (IOException e) {
      byte[] bytes = new byte[Hello.TOKEN_BYTES];
      new SecureRandom().nextBytes(bytes);
      return bytes;
    }
  }

  Path directory() {
    return directory;
  }

  Path socket() {
    return socket;
  }

  byte[] token() {
    return token;
  }

  /// What tasks of a worker start.
  Children children(int worker) {
    return Children.of(directory.getFileName().toString(), worker);
  }

  int nextNumber() {
    return NUMBERS.incrementAndGet();
  }

  /// Opens the door, if it is not open yet: when the first worker is on its way, which takes longer
  /// than this.
  synchronized void listen() throws IOException {
    if (server == null) {
      ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        door.bind(UnixDomainSocketAddress.of(socket));
        new Door(door, token, workers)
            .open(() -> Leftovers.sweep(Objects.requireNonNull(directory.getParent())));
        server = door;
      } finally {
        if (server == null) { // no thread, or no room: another time
          door.close();
          Files.deleteIfExists(socket);
        }
      }
    }
  }

  /// From now on the worker with this number is let in.
  void expect(int number, WorkerJvm worker) {
    workers.put(number, worker);
    if (ended) {
      worker.kill();
    }
  }

  void forget(int number) {
    workers.remove(number);
  }

  private void end() {
    ended = true;
    workers.values().forEach(WorkerJvm::end);
    closeDoor();
    for (int i = 0; i < LAST_LOOKS && Files.exists(directory); i++) {
      Leftovers.delete(directory);
    }
    AotMaker.leave(Objects.requireNonNull(directory.getParent()));
  }

  private synchronized void closeDoor() {
    try {
      if (server != null) {
        server.close();
      }
    } catch (IOException e) {
      // the JVM ends anyway
    }
  }
}
