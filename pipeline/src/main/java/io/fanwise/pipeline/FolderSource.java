package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Bookmark;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The files below a folder that a pattern names. Immutable.
record FolderSource(Path folder, Glob glob) implements Source<Path> {

  /// Names and sizes are told apart, not contents: those are read by the task only.
  @Override
  public List<String> identity() throws IOException {
    MessageDigest digest = sha256();
    long count = 0;
    Walk walk = new Walk(folder, glob);
    for (Path file = walk.next(); file != null; file = walk.next()) {
      byte[] name = folder.relativize(file).toString().getBytes(UTF_8);
      ByteBuffer numbers = ByteBuffer.allocate(Integer.BYTES + Long.BYTES);
      numbers.putInt(name.length).putLong(Files.exists(file) ? Files.size(file) : -1);
      digest.update(numbers.flip());
      digest.update(name);
      count++;
    }
    String names = HexFormat.of().formatHex(digest.digest(), 0, 16);
    return List.of("%s in %s: %d files, names and sizes %s".formatted(glob, folder, count, names));
  }

  @Override
  public Cursor open(Bookmark from) throws IOException {
    Found found = new Found(new Walk(folder, glob));
    found.skip(from.number());
    return found;
  }

  /// Paths travel as text: not every path can be sent as it is.
  @Override
  public Task<Object, Path> decoder() {
    return name -> Path.of((String) name);
  }

  /// All of them.
  ///
  /// @throws IllegalArgumentException if there are none
  static Path[] all(String pattern) throws IOException {
    int wild = wild(pattern);
    int slash = wild < 0 ? pattern.lastIndexOf('/') : pattern.lastIndexOf('/', wild);
    Path top = Path.of(slash == 0 ? "/" : pattern.substring(0, Math.max(slash, 0)));
    Walk walk = new Walk(top, Glob.of(pattern.substring(slash + 1)));
    List<Path> files = new ArrayList<>();
    for (Path file = walk.next(); file != null; file = walk.next()) {
      files.add(file);
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file matches " + pattern);
    }
    return files.toArray(Path[]::new);
  }

  private static int wild(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if ("*?[{\\".indexOf(pattern.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every JDK has it
    }
  }

  /// The files as they are found. Confined to the thread that reads.
  private static final class Found implements Cursor {
    private final Walk walk;
    private @Nullable Path file;
    private long number;

    Found(Walk walk) {
      this.walk = walk;
    }

    void skip(long files) throws IOException {
      while (number < files && advance()) {
        value();
      }
    }

    @Override
    public boolean advance() throws IOException {
      file = walk.next();
      return file != null;
    }

    @Override
    public Object value() {
      number++;
      return Objects.requireNonNull(file).toString();
    }

    @Override
    public Bookmark bookmark() {
      return new Bookmark(number, 0, 0, -1, 0);
    }

    @Override
    public void close() {}
  }
}
