package io.fanwise.codec;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Boxed numbers of one kind in a row: one tag for all of them.
final class Runs {
  private Runs() {}

  /// Where the numbers of the first one's kind end; `from` if it is no number.
  static int end(@Nullable Object[] all, int from, int to) {
    Object first = all[from];
    if (!(first instanceof Integer || first instanceof Long || first instanceof Double)) {
      return from;
    }
    Class<?> kind = first.getClass();
    int at = from + 1;
    while (at < to) {
      Object next = all[at];
      if (next == null || next.getClass() != kind) {
        break;
      }
      at++;
    }
    return at;
  }

  static void write(Output out, @Nullable Object[] all, int from, int to) throws IOException {
    out.u8(Tag.RUN);
    out.varint(to - from);
    if (all[from] instanceof Integer) {
      out.u8(Tag.INT);
      out.boxedInts(all, from, to);
    } else if (all[from] instanceof Long) {
      out.u8(Tag.LONG);
      out.boxedLongs(all, from, to);
    } else {
      out.u8(Tag.DOUBLE);
      out.boxedDoubles(all, from, to);
    }
  }

  /// Reads how many there are.
  static int length(Input in, int most) throws IOException {
    int count = in.length();
    if (count > most) {
      throw new MalformedFrame(count + " numbers in a row where " + most + " values are left");
    }
    return count;
  }

  /// Reads as many.
  ///
  /// @return where they end
  static int read(Input in, @Nullable Object[] into, int from, int count) throws IOException {
    int tag = in.u8();
    int to = from + count;
    switch (tag) {
      case Tag.INT -> {
        for (int i = from; i < to; i++) {
          into[i] = in.i32();
        }
      }
      case Tag.LONG -> {
        for (int i = from; i < to; i++) {
          into[i] = in.i64();
        }
      }
      case Tag.DOUBLE -> {
        for (int i = from; i < to; i++) {
          into[i] = in.f64();
        }
      }
      default -> throw new MalformedFrame("tag " + tag + " in front of numbers in a row");
    }
    return to;
  }
}
