package io.fanwise.processes.worker;

import io.fanwise.codec.MalformedFrame;
import io.fanwise.shared.Broker;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Where a worker JVM begins: it connects to the JVM that started it, and works for that one until
/// it says goodbye or is gone.
///
/// No lambda, no string concatenation and no stream on the way to the first result: each would cost
/// a new JVM milliseconds.
public final class Main {
  private static final int PATIENCE_MILLIS = 10;

  private Main() {}

  /// Started by the parent, with the secret on standard input.
  ///
  /// @param args the socket, the number of the worker, its name, the file of its [Control] page,
  ///   and the process that started it
  /// @throws IOException if the parent cannot be reached
  public static void main(String[] args) throws IOException {
    byte[] token = System.in.readNBytes(Hello.TOKEN_BYTES);
    if (token.length < Hello.TOKEN_BYTES) {
      return; // the parent has failed to start this, or is gone
    }
    Path socket = Path.of(args[0]);
    Parent parent = new Parent(socket, Long.parseLong(args[4]), Integer.parseInt(args[1]), token);
    Path page = Path.of(args[3]);
    Control control = Control.open(page);
    Files.deleteIfExists(page);
    Broker.connect(parent);
    Sockets.ofTheJdk();
    try (Line line = parent.dial(Hello.WORK)) {
      new Worker(args[2], line, control, parent).serve();
    } catch (IOException e) {
      if (parent.isGoneSoon()) {
        parent.leave(); // at once, whatever threads tasks have left running
      }
      if (e instanceof MalformedFrame) {
        // not System.err, which goes to the parent by way of what has just failed
        e.printStackTrace(new PrintStream(new FileOutputStream(FileDescriptor.err)));
      }
      Runtime.getRuntime().halt(Exit.LINE_BROKEN);
    }
  }

  /// A connection to a socket that may not be there yet: the parent sets it up while this JVM
  /// starts.
  static SocketChannel connect(Path socket, Parent parent) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    Path directory = Objects.requireNonNull(socket.getParent());
    while (true) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(address);
        return channel;
      } catch (IOException e) {
        channel.close();
        if (!Files.isDirectory(directory)) {
          throw e;
        }
        if (parent.isGone()) {
          parent.leave();
        }
      }
      try {
        Thread.sleep(PATIENCE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
