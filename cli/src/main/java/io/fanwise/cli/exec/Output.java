package io.fanwise.cli.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Arrays;

/// What a program printed, as far as it was kept. Immutable.
public final class Output implements Serializable {
  private static final long serialVersionUID = 1;

  private final byte[] bytes;
  private final int kept;
  private final long printed;

  /// Takes `bytes` over; the first `kept` of them count.
  Output(byte[] bytes, int kept, long printed) {
    this.bytes = bytes;
    this.kept = kept;
    this.printed = printed;
  }

  /// What a program prints that is not started.
  public static Output nothing() {
    return new Output(new byte[0], 0, 0);
  }

  /// A copy of the bytes.
  public byte[] bytes() {
    return Arrays.copyOf(bytes, kept);
  }

  /// The bytes read as UTF-8.
  public String text() {
    return new String(bytes, 0, kept, UTF_8);
  }

  /// Writes the bytes to `target` without copying them.
  public void writeTo(OutputStream target) throws IOException {
    target.write(bytes, 0, kept);
  }

  /// How many bytes were kept.
  public int size() {
    return kept;
  }

  /// How many bytes the program printed.
  public long printed() {
    return printed;
  }

  /// True if all that was printed was kept.
  public boolean complete() {
    return kept == printed;
  }

  @Override
  public String toString() {
    return text();
  }
}
