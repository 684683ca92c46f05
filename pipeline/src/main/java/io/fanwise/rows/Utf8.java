package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;

/// Text of UTF-8 bytes, of which none is lost silently.
final class Utf8 {

  private Utf8() {}

  /// Decodes a part of an array.
  ///
  /// @param file what errors call the file
  /// @param line its line there, from 1
  /// @param offset where the part begins in the file
  static String text(byte[] bytes, int from, int length, String file, long line, long offset) {
    String text = new String(bytes, from, length, UTF_8);
    // a lenient decoder puts it in place of a bad byte, though text may have one of its own
    if (text.indexOf('\uFFFD') >= 0) {
      require(ByteBuffer.wrap(bytes, from, length).slice(), file, line, offset);
    }
    return text;
  }

  private static void require(ByteBuffer bytes, String file, long line, long offset) {
    CharBuffer chars = CharBuffer.allocate(bytes.remaining());
    if (UTF_8.newDecoder().decode(bytes, chars, true).isError()) {
      int at = bytes.position();
      throw StrictReader.notEncoded(file, line, UTF_8, bytes.get(at), offset + at);
    }
  }
}
