package io.fanwise.rows;

/// A place between two rows, from which reading can go on. Immutable.
///
/// @param number how many rows lie before it, in all files
/// @param file in which file it is, from 0
/// @param fileFrom how many rows lie before that file
/// @param offset how many bytes of the file lie before it, unpacked; −1 if that is not known
/// @param line how many lines of the file lie before it
public record Bookmark(long number, int file, long fileFrom, long offset, long line) {

  /// Before the first row.
  public static final Bookmark START = new Bookmark(0, 0, 0, 0, 0);

  /// Refuses what is no place.
  public Bookmark {
    if (number < fileFrom || fileFrom < 0 || file < 0 || offset < -1 || line < 0) {
      throw new IllegalArgumentException(
          "no place between rows: number %d, file %d from %d, offset %d, line %d"
              .formatted(number, file, fileFrom, offset, line));
    }
  }
}
