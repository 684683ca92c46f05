package io.fanwise.shared;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// A socket that waits like a blocking one, but is not closed when its thread is interrupted: that
/// would lose what is under way. It notes the interrupt and says so once, while it goes on.
///
/// Confined to the thread that uses it.
final class Uninterrupted implements ByteChannel {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private boolean interrupted;
  private boolean told;
  private Interrupt interrupt = () -> {};

  /// What to do when an interrupt comes.
  @FunctionalInterface
  interface Interrupt {
    void came() throws IOException;
  }

  Uninterrupted(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    selector = Selector.open();
    key = channel.register(selector, SelectionKey.OP_READ);
  }

  /// From now on, this is done at the first interrupt.
  void onInterrupt(Interrupt action) {
    interrupted = false;
    told = false;
    interrupt = action;
  }

  /// Whether there was an interrupt since; the thread's own mark is cleared.
  boolean interrupted() {
    return interrupted;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    while (true) {
      await(SelectionKey.OP_READ);
      int count = channel.read(into);
      if (count != 0) {
        return count;
      }
    }
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int count = channel.write(from);
    while (count == 0 && from.hasRemaining()) {
      await(SelectionKey.OP_WRITE);
      count = channel.write(from);
    }
    return count;
  }

  private void await(int operation) throws IOException {
    tell(operation);
    if (key.interestOps() != operation) {
      key.interestOps(operation);
    }
    selector.select();
    selector.selectedKeys().clear();
    tell(operation);
  }

  private void tell(int operation) throws IOException {
    interrupted |= Thread.interrupted();
    // a question that is not sent in full cannot be cancelled yet
    if (interrupted && !told && operation == SelectionKey.OP_READ) {
      told = true;
      interrupt.came();
      key.interestOps(operation);
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    try (selector) {
      channel.close();
    }
  }
}
