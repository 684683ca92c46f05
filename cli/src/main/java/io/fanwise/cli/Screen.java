package io.fanwise.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Standard error: lines that stay, and at most one below them that changes. Confined to the thread
/// that runs the command.
///
/// If nobody can read it any more, what is said is lost and the run goes on.
final class Screen {
  private static final String ERASE = "\r\u001b[K";

  private final OutputStream err;
  private boolean live;
  private boolean open = true;

  Screen(OutputStream err) {
    this.err = err;
  }

  /// Writes a line that stays.
  void say(String line) {
    clear();
    write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// Writes what somebody else has to say, and ends its last line if need be.
  void pass(byte[] bytes) {
    if (bytes.length > 0) {
      clear();
      write(bytes);
      if (bytes[bytes.length - 1] != '\n') {
        write(new byte[] {'\n'});
      }
    }
  }

  /// Writes the line that changes, in the place of what it was.
  void show(String line) {
    live = true;
    write((ERASE + line).getBytes(StandardCharsets.UTF_8));
  }

  /// Erases the line that changes.
  void clear() {
    if (live) {
      live = false;
      write(ERASE.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Writes to a stream that ends up on the same terminal.
  OutputStream beside(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        clear();
        out.write(b);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        clear();
        out.write(bytes, from, length);
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  private void write(byte[] bytes) {
    if (!open) {
      return;
    }
    try {
      err.write(bytes);
      err.flush();
    } catch (IOException nobodyReads) {
      open = false;
    }
  }
}
