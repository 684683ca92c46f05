package io.fanwise.shared;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// One connection of a worker to where its shared objects live: a question, its answer, and again.
///
/// Confined to the thread that took it from [Connections].
final class Connection {
  private static final byte[] CANCEL = new Message.Cancel().encoded();

  private final Uninterrupted channel;
  private final Frames frames;

  Connection(SocketChannel channel) throws IOException {
    this.channel = new Uninterrupted(channel);
    this.frames = new Frames(this.channel);
  }

  /// @param cancelled whether it need not be done unless that can be at once
  /// @param cancellable whether an interrupt cancels it
  Message ask(byte[] question, boolean cancelled, boolean cancellable) throws IOException {
    channel.onInterrupt(cancellable ? this::cancel : () -> {});
    frames.write(question);
    if (cancelled) {
      cancel();
    }
    ByteBuffer answer = frames.read();
    if (answer == null) {
      throw new EOFException("it has ended the connection");
    }
    return Message.decoded(answer);
  }

  void tell(Message message) throws IOException {
    frames.write(message.encoded());
  }

  private void cancel() throws IOException {
    frames.write(CANCEL);
  }

  boolean interrupted() {
    return channel.interrupted();
  }

  void close() {
    try {
      frames.close();
    } catch (IOException e) {
      // it is of no use any more, closed or not
      return;
    }
  }
}
