package io.fanwise.rows;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// How inputs are to be read. Immutable.
///
/// @param format the format, if it is not the file's name that says
/// @param header whether csv and tsv files name their columns
/// @param encoding the character encoding
/// @param longest how many bytes a record may have
public record Reading(Optional<Format> format, Header header, Charset encoding, int longest) {

  /// An array cannot be much longer, and whoever has such a record forgot the line ends.
  private static final int LONGEST = 1 << 30;

  /// Refuses a limit that leaves no room for a record.
  public Reading {
    if (longest < 1) {
      throw new IllegalArgumentException("longest must be at least 1, was " + longest);
    }
  }

  /// {@return format by extension, a header in csv and tsv, UTF-8}
  public static Reading standard() {
    return new Reading(Optional.empty(), Header.PRESENT, StandardCharsets.UTF_8, LONGEST);
  }

  /// Reads every file in one format, whatever their names.
  ///
  /// @param format the format
  /// @return a copy
  public Reading format(Format format) {
    return new Reading(Optional.of(format), header, encoding, longest);
  }

  /// Says whether the first record of a csv or tsv file names the columns.
  ///
  /// @param header whether it does
  /// @return a copy
  public Reading header(Header header) {
    return new Reading(format, header, encoding, longest);
  }

  /// Decodes text in an encoding.
  ///
  /// @param encoding the encoding
  /// @return a copy
  public Reading encoding(Charset encoding) {
    return new Reading(format, header, encoding, longest);
  }

  /// Limits how long a record may be.
  ///
  /// @param longest how many bytes it may have
  /// @return a copy
  public Reading longest(int longest) {
    return new Reading(format, header, encoding, longest);
  }
}
