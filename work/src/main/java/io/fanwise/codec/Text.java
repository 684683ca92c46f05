package io.fanwise.codec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Strings as bytes: one byte a character where that is enough, else two.
final class Text {
  static final int LATIN1 = 0;
  static final int UTF16 = 1;
  private static final int PIECE = 8192;

  private Text() {}

  static boolean isLatin1(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) > 0xff) {
        return false;
      }
    }
    return true;
  }

  /// Writes the characters in pieces, so that a long text needs no second copy.
  static void write(Output out, String text, boolean latin1) throws IOException {
    int length = text.length();
    for (int at = 0; at < length; at += PIECE) {
      int end = Math.min(at + PIECE, length);
      if (latin1) {
        String piece = at == 0 && end == length ? text : text.substring(at, end);
        out.bytes(piece.getBytes(StandardCharsets.ISO_8859_1), 0, end - at);
      } else {
        char[] chars = new char[end - at];
        text.getChars(at, end, chars, 0);
        out.array(chars, 0, chars.length);
      }
    }
  }

  static String read(Input in, int length, boolean latin1) throws IOException {
    if (latin1) {
      return in.latin1(length);
    }
    return new String((char[]) in.array(Tag.CHARS, length));
  }
}
