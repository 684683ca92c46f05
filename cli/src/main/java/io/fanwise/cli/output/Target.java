package io.fanwise.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Compression;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A file or standard output, written to in whole records: unless a record alone is larger than the
/// buffer, the operating system is never given a part of one. Confined to the thread that writes.
final class Target implements AutoCloseable {
  private static final Path STANDARD_INPUT = Path.of("/dev/stdin");

  private static final int BUFFER = 1 << 16;

  private final String name;
  private final OutputStream out;
  private byte[] buffer = new byte[BUFFER];
  private int filled;
  private int whole;

  private Target(String name, OutputStream out) {
    this.name = name;
    this.out = out;
  }

  static Target standardOutput(OutputStream out) {
    return new Target("standard output", out);
  }

  /// Creates a file, or empties it, packed as its name says.
  ///
  /// @param others files it must not be
  static Target file(Path file, List<Path> others) {
    try {
      refuseUsed(file, others);
      return new Target(
          file.toString(), Compression.of(file.toString()).packing(Files.newOutputStream(file)));
    } catch (IOException e) {
      throw BadOutput.of(file, e);
    }
  }

  /// Refuses a file as [#file] does, and leaves it as it is.
  static void check(Path file, List<Path> others) {
    try {
      refuseUsed(file, others);
      Path folder = file.toAbsolutePath().getParent();
      if (Files.isDirectory(file)) {
        throw new FileSystemException(file.toString());
      }
      if (folder != null && !Files.isDirectory(folder)) {
        throw new NoSuchFileException(file.toString());
      }
    } catch (IOException e) {
      throw BadOutput.of(file, e);
    }
  }

  private static void refuseUsed(Path file, List<Path> others) throws IOException {
    for (Path other : others) {
      refuse(file, other, other.toString());
    }
    if (Files.isRegularFile(file)) {
      refuse(file, STANDARD_INPUT, "standard input");
    }
  }

  private static void refuse(Path file, Path other, String name) throws IOException {
    if (Files.exists(file) && Files.exists(other) && Files.isSameFile(file, other)) {
      throw new BadOutput("%s is used already, as %s: write to another file".formatted(file, name));
    }
  }

  /// Adds to the record.
  Target add(String text) {
    return add(text.getBytes(UTF_8));
  }

  /// Adds to the record.
  Target add(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, filled, bytes.length);
    filled += bytes.length;
    return this;
  }

  /// Ends the record.
  void end(char terminator) {
    reserve(1);
    buffer[filled++] = (byte) terminator;
    end();
  }

  /// Ends the record with nothing.
  void end() {
    whole = filled;
  }

  /// Hands on what is whole.
  void flush() {
    write();
    try {
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Hands on what is whole and closes the file. A record that was begun and not ended is dropped.
  @Override
  public void close() {
    try (out) {
      write();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void reserve(int more) {
    if (filled + more > buffer.length) {
      write();
    }
    if (filled + more > buffer.length) {
      buffer =
          Arrays.copyOf(
              buffer,
              Math.max(filled + more, (int) Math.min(2L * buffer.length, Integer.MAX_VALUE - 8)));
    }
  }

  private void write() {
    int count = whole;
    whole = 0;
    filled -= count; // before writing: what failed is not written again by close()
    try {
      out.write(buffer, 0, count);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      System.arraycopy(buffer, count, buffer, 0, filled);
    }
  }

  private BadOutput failed(IOException e) {
    return new BadOutput("Cannot write %s: %s".formatted(name, "" + e.getMessage()), e);
  }
}
