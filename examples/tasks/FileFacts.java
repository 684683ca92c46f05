import io.fanwise.work.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What reading a file tells about it:
///
///     find /usr/share -type f | ./fan map examples/tasks/FileFacts.java -o files.csv
///
/// Two files with the same `sha256` are the same. An `entropy` near 8 bits a byte is what compressed
/// or encrypted files have. Files that cannot be read fail, and the rest goes on.
public final class FileFacts implements Task<String, FileFacts.Facts> {
  private static final int CHUNK = 1 << 16;

  /// One line of the table.
  ///
  /// @param kind what its first bytes say, `text` if it has no NUL byte, `data` otherwise
  /// @param entropy bits of information in each byte, from 0 to 8
  public record Facts(
      String path, String kind, long bytes, long lines, double entropy, String sha256) {}

  @Override
  public Facts run(String path) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    long[] counts = new long[256];
    byte[] chunk = new byte[CHUNK];
    String head = "";
    try (InputStream file = Files.newInputStream(Path.of(path))) {
      for (int n = file.read(chunk); n > 0; n = file.read(chunk)) {
        if (head.isEmpty()) {
          head = HexFormat.of().formatHex(chunk, 0, Math.min(n, 8));
        }
        digest.update(chunk, 0, n);
        for (int i = 0; i < n; i++) {
          counts[chunk[i] & 0xFF]++;
        }
      }
    }
    long bytes = 0;
    for (long count : counts) {
      bytes += count;
    }
    return new Facts(
        path,
        kind(head, counts[0] > 0),
        bytes,
        counts['\n'],
        entropy(counts, bytes),
        HexFormat.of().formatHex(digest.digest()));
  }

  private static String kind(String head, boolean nul) {
    return switch (head) {
      case "" -> "empty";
      case String h when h.startsWith("1f8b") -> "gzip";
      case String h when h.startsWith("fd377a585a") -> "xz";
      case String h when h.startsWith("28b52ffd") -> "zstd";
      case String h when h.startsWith("504b0304") -> "zip";
      case String h when h.startsWith("89504e47") -> "png";
      case String h when h.startsWith("ffd8ff") -> "jpeg";
      case String h when h.startsWith("47494638") -> "gif";
      case String h when h.startsWith("25504446") -> "pdf";
      case String h when h.startsWith("7f454c46") -> "elf";
      case String h when h.startsWith("cafebabe") -> "class";
      case String h when h.startsWith("2321") -> "script";
      default -> nul ? "data" : "text";
    };
  }

  private static double entropy(long[] counts, long bytes) {
    double bits = 0;
    for (long count : counts) {
      if (count > 0) {
        double share = (double) count / bytes;
        bits -= share * Math.log(share) / Math.log(2);
      }
    }
    return Math.round(bits * 100) / 100.0;
  }
}
