package io.fanwise.rows;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// How a file is packed. What is read tells by its first bytes, whatever its name; what is written,
/// by its name.
public enum Compression {
  /// Not at all.
  NONE,
  /// gzip, several members one after another included.
  GZIP,
  /// Zstandard, several frames one after another included.
  ZSTD;

  private static final int BUFFER = 1 << 16;

  /// The packing a file's name speaks of.
  ///
  /// @param name a file's name, or a path to it
  /// @return the compression its extension says
  public static Compression of(String name) {
    for (Compression each : values()) {
      if (each.extensions().stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith)) {
        return each;
      }
    }
    return NONE;
  }

  /// What comes out of packed bytes, or the bytes themselves if they are not packed.
  ///
  /// @param packed the bytes as they are stored
  /// @return the bytes as they are meant
  /// @throws IOException if they cannot be read
  public static InputStream unpacked(InputStream packed) throws IOException {
    byte[] head = head(packed);
    InputStream whole = new Headed(head, packed);
    return switch (begunBy(head)) {
      case NONE -> whole;
      case GZIP -> new GZIPInputStream(whole, BUFFER);
      case ZSTD -> new Checked(new ZstdInputStream(whole));
    };
  }

  /// Packs what is written.
  ///
  /// @param out where the packed bytes go
  /// @return where to write
  /// @throws IOException if the beginning cannot be written
  public OutputStream packing(OutputStream out) throws IOException {
    return switch (this) {
      case NONE -> out;
      case GZIP -> new GZIPOutputStream(out, BUFFER, true);
      case ZSTD -> new ZstdOutputStream(out);
    };
  }

  /// A name without what it says of compression: `items.csv` for `items.csv.gz`.
  static String plain(String name) {
    for (String extension : of(name).extensions()) {
      if (name.toLowerCase(Locale.ROOT).endsWith(extension)) {
        return name.substring(0, name.length() - extension.length());
      }
    }
    return name;
  }

  private List<String> extensions() {
    return switch (this) {
      case NONE -> List.of();
      case GZIP -> List.of(".gz");
      case ZSTD -> List.of(".zst", ".zstd");
    };
  }

  private byte[] magic() {
    return switch (this) {
      case NONE -> new byte[0];
      case GZIP -> new byte[] {0x1F, (byte) 0x8B};
      case ZSTD -> new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
    };
  }

  /// Reads no further than the first byte that decides: somebody may be typing.
  private static byte[] head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (mayContinue(head.toByteArray())) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.write(next);
    }
    return head.toByteArray();
  }

  private static boolean mayContinue(byte[] head) {
    return Arrays.stream(values())
        .map(Compression::magic)
        .anyMatch(magic -> head.length < magic.length && startsWith(magic, head));
  }

  private static Compression begunBy(byte[] head) {
    return Arrays.stream(values())
        .filter(each -> each != NONE && startsWith(head, each.magic()))
        .findAny()
        .orElse(NONE);
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  /// Some bytes, and then those of a stream, in which large parts can be left out.
  private static final class Headed extends SequenceInputStream {
    private final InputStream rest;
    private long head;

    Headed(byte[] head, InputStream rest) {
      super(new ByteArrayInputStream(head), rest);
      this.head = head.length;
      this.rest = rest;
    }

    @Override
    public long skip(long bytes) throws IOException {
      if (head == 0) {
        return rest.skip(bytes);
      }
      long skipped = super.skip(Math.min(bytes, head));
      head -= skipped;
      return skipped;
    }
  }

  /// Says of what cannot be unpacked what other streams say: an [IOException].
  private static final class Checked extends FilterInputStream {

    Checked(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      try {
        return in.read(target, from, length);
      } catch (RuntimeException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }
}
