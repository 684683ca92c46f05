package io.fanwise.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;

/// Standard input, which ends when the run is to stop, also while nobody types anything. Confined
/// to the thread that reads.
final class StandardInput extends InputStream {
  private final FileChannel channel = new FileInputStream(FileDescriptor.in).getChannel();
  private final Stop stop;

  StandardInput(Stop stop) {
    this.stop = stop;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (!stop.waits(Thread.currentThread())) {
      return -1;
    }
    try {
      return channel.read(ByteBuffer.wrap(target, from, length));
    } catch (ClosedByInterruptException e) {
      return -1;
    } finally {
      stop.waited();
    }
  }
}
