package io.fanwise.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A body on its way into a file, which has its name only when it is whole. Confined to one thread
/// after the other: the one that receives, then the one that waits for the answer.
final class Saving implements AutoCloseable {
  private static final Set<Path> BUSY = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Path part;
  private final FileChannel channel;

  private Saving(Path file, Path part, FileChannel channel) {
    this.file = file;
    this.part = part;
    this.channel = channel;
  }

  static Saving to(Path file) throws IOException {
    Path whole = file.toAbsolutePath();
    if (!BUSY.add(whole)) {
      throw new IOException("two items are saved to " + file + " at the same time");
    }
    try {
      Path folder = whole.resolveSibling("");
      Files.createDirectories(folder);
      Path part = folder.resolve(whole.getFileName() + ".part");
      FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      return new Saving(whole, part, channel);
    } catch (IOException e) {
      BUSY.remove(whole);
      throw e;
    }
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Gives the file its name; both it and what it holds survive a power cut.
  Path finish() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = file.resolveSibling("");
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
    return file;
  }

  /// Leaves nothing behind that is not whole.
  @Override
  public void close() throws IOException {
    try {
      channel.close();
      Files.deleteIfExists(part);
    } finally {
      BUSY.remove(file);
    }
  }
}
