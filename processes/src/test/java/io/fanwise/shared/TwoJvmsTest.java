package io.fanwise.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Base64;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Shared objects between this JVM and one that really is another.
class TwoJvmsTest {

  /// What the other JVM is given.
  record Given(
      SharedQueue<Object> asked,
      SharedPipe.End<Object> end,
      SharedLock lock,
      SharedMap<String, String> map)
      implements Serializable {}

  @Test
  void whatIsSharedWithAnotherJvmSurvivesThatJvm(@TempDir Path directory) throws Exception {
    SharedQueue<Object> asked = Shared.queue(4);
    SharedPipe<Object> pipe = Shared.pipe();
    SharedLock lock = Shared.lock();
    SharedMap<String, String> map = Shared.map();
    SharedCounter counter = Shared.counter();
    asked.put(counter);
    var given = new Given(asked, pipe.second(), lock, map);
    var socket = UnixDomainSocketAddress.of(directory.resolve("s"));
    var peer = Broker.peer("the other JVM");

    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(socket)) {
      Thread.ofVirtual().start(() -> accept(server, peer));
      Process other = start(directory, Base64.getEncoder().encodeToString(Values.encode(given)));
      var noticed = other.onExit().thenRun(peer::die);

      assertThat(pipe.first().receive()).as("its answer").isSameAs(counter);
      assertThat(counter.get()).isEqualTo(42);
      @SuppressWarnings("unchecked")
      var made = (SharedQueue<String>) pipe.first().receive();
      assertThat(made.take()).isEqualTo("made there");
      assertThat(pipe.first().receive()).isEqualTo("waits with the lock");
      assertThat(map).containsEntry("from", "there").containsEntry("key of 4", "4");
      assertThat(lock.held()).isTrue();
      other.destroyForcibly();

      try (var holding = lock.hold()) {
        assertThat(holding.abandoned()).isTrue();
      }
      assertThatThrownBy(pipe.first()::receive).isInstanceOf(NoSuchElementException.class);
      assertThat(other.waitFor()).isEqualTo(137);
      noticed.join();
    }
  }

  private static Process start(Path directory, String given) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Other.class.getName(),
            directory.resolve("s").toString(),
            given)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  private static void accept(ServerSocketChannel server, Peer peer) {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Thread.ofVirtual()
            .start(() -> {
              try {
                peer.serve(channel);
              } catch (IOException e) {
                peer.die();
              }
            });
      }
    } catch (IOException e) {
      // closed
    }
  }

  /// What runs there.
  static final class Other {
    private Other() {}

    public static void main(String[] args) throws Exception {
      var parent = UnixDomainSocketAddress.of(args[0]);
      Broker.connect(() -> SocketChannel.open(parent));
      var given = (Given) Values.decode(Base64.getDecoder().decode(args[1]));
      var counter = (SharedCounter) given.asked.take();
      counter.add(42);
      given.end.send(counter);
      SharedQueue<String> made = Shared.queue(1);
      made.put("made there");
      given.end.send(made);
      given.map.put("from", "there");
      given.map.computeIfAbsent("key of 4", key -> key.substring(key.length() - 1));
      try (var holding = given.lock.hold()) {
        given.end.send(holding.abandoned() ? "abandoned" : "waits with the lock");
        given.end.receive();
      }
    }
  }
}
