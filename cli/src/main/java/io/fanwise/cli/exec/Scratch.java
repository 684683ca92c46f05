package io.fanwise.cli.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// A temporary file of one run, read and written by streams that an interrupt does not close.
/// Confined to the thread that runs the command.
final class Scratch implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  private final Path path;

  Scratch() {
    try {
      path = Files.createTempFile("fan-", ".tmp");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a temporary file for what a program prints", e);
    }
  }

  File file() {
    return path.toFile();
  }

  void write(String text) {
    try (OutputStream out = new FileOutputStream(file())) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write what a program is to read", e);
    }
  }

  Output read(Collected output) {
    byte[] chunk = new byte[CHUNK];
    MemorySegment segment = MemorySegment.ofArray(chunk);
    try (InputStream in = new FileInputStream(file())) {
      for (int count = in.read(chunk); count > 0; count = in.read(chunk)) {
        output.add(segment, count);
      }
      return output.output();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read what a program printed", e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException inUse) {
      file().deleteOnExit(); // Windows keeps what is open in a program left in the background
    }
  }
}
