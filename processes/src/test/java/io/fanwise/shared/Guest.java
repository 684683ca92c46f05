package io.fanwise.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A worker as far as shared objects can tell, over real sockets, in the JVM of the test.
final class Guest implements AutoCloseable {
  final Peer peer;
  final List<SocketChannel> dialled = new CopyOnWriteArrayList<>();
  final List<IOException> broken = new CopyOnWriteArrayList<>();
  private final AtomicInteger serving = new AtomicInteger();
  private final Path directory;
  private final ServerSocketChannel server;
  private final Connections connections = new Connections(this::dial);

  Guest(String name) {
    this(Broker.peer(name));
  }

  /// A worker of a worker: nothing lives in the JVM between.
  Guest(String name, Guest between) {
    this(new Peer(name, new Home(), between.connections));
  }

  private Guest(Peer peer) {
    this.peer = peer;
    try {
      directory = Files.createTempDirectory("guest");
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(address());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  private UnixDomainSocketAddress address() {
    return UnixDomainSocketAddress.of(directory.resolve("s"));
  }

  SocketChannel dial() throws IOException {
    var channel = SocketChannel.open(address());
    dialled.add(channel);
    return channel;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> serve(channel));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(SocketChannel channel) {
    serving.incrementAndGet();
    try {
      peer.serve(channel);
    } catch (IOException e) {
      broken.add(e);
    } finally {
      serving.decrementAndGet();
    }
  }

  /// The same object, as this worker has it.
  @SuppressWarnings("unchecked")
  <S> S sees(S shared) {
    return (S) connections.arrived(reference(shared));
  }

  Object makes(Kind kind, long size) {
    return connections.make(kind, size);
  }

  static Reference reference(Object shared) {
    try {
      var line = shared.getClass().getDeclaredField("line");
      line.setAccessible(true);
      return ((Line) line.get(shared)).reference();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// How many connections are being served.
  int serving() {
    return serving.get();
  }

  /// As kill -9: the sockets end, and whoever started the worker notices.
  void dies() {
    hangUp();
    peer.die();
  }

  void hangUp() {
    for (SocketChannel channel : dialled) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    hangUp();
    peer.leave();
    server.close();
    Files.deleteIfExists(directory.resolve("s"));
    Files.deleteIfExists(directory);
  }
}
