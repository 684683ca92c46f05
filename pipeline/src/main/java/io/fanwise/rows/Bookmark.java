package io.fanwise.rows;

/// A place between two rows, from which reading can go on. Immutable.
///
/// @param number how many rows lie before it, in all files
/// @param file in which file it is, from 0
/// @param fileFrom how many rows lie before that file
/// @param offset how many bytes of the file lie before it, unpacked; −1 if that is not known
/// @param line how many lines of the file lie before it
/// @param key what the source itself knows it by, such as the key of the row before it; empty if
///   nothing
public record Bookmark(long number, int file, long fileFrom, long offset, long line, String key) {

  /// Before the first row.
  public static final Bookmark START = new Bookmark(0, 0, 0, 0, 0);

  /// A frame of the journal has room for 64 kB.
  private static final int LONGEST_KEY = 4096;

  /// Refuses what is no place.
  public Bookmark {
    if (number < fileFrom || fileFrom < 0 || file < 0 || offset < -1 || line < 0) {
      throw new IllegalArgumentException(
          "no place between rows: number %d, file %d from %d, offset %d, line %d"
              .formatted(number, file, fileFrom, offset, line));
    }
    if (key.length() > LONGEST_KEY) {
      throw new IllegalArgumentException(
          "a key has at most %d characters, this one has %d: %s…"
              .formatted(LONGEST_KEY, key.length(), key.substring(0, 40)));
    }
  }

  /// A place without a key.
  ///
  /// @param number how many rows lie before it, in all files
  /// @param file in which file it is, from 0
  /// @param fileFrom how many rows lie before that file
  /// @param offset how many bytes of the file lie before it, unpacked; −1 if that is not known
  /// @param line how many lines of the file lie before it
  public Bookmark(long number, int file, long fileFrom, long offset, long line) {
    this(number, file, fileFrom, offset, line, "");
  }

  /// The same place, with a key.
  ///
  /// @param key what the source itself knows it by
  /// @return a copy
  public Bookmark key(String key) {
    return new Bookmark(number, file, fileFrom, offset, line, key);
  }
}
