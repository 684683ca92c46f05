package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What one commit made safe: how far each output had got, and which inputs are in it. Immutable,
/// as far as its stretches are left alone.
///
/// @param number its number in the run, from 1
/// @param at when it was made
/// @param marks the end of each output, in its own words
/// @param done positions whose results are in the outputs since the last frame
/// @param failed positions that have failed for good since then
/// @param bookmark a place in the source before which every input is done or has failed
/// @param kind what it stands for
/// @param leftOut how many of all positions that are done so far have no result, as they were left
///   out
record Frame(
    long number,
    Instant at,
    List<String> marks,
    Stretches done,
    Stretches failed,
    Bookmark bookmark,
    Kind kind,
    long leftOut) {

  /// What a frame stands for.
  enum Kind {
    /// What has been done since the frame before it.
    STEP,
    /// Everything done so far: what stands before it in the journal is of no interest.
    WHOLE,
    /// A step after which no input is left.
    END
  }

  Frame {
    marks = List.copyOf(marks);
  }

  byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(kind.name().charAt(0));
    out.writeLong(number);
    out.writeLong(at.toEpochMilli());
    out.writeInt(marks.size());
    for (String mark : marks) {
      out.writeUTF(mark);
    }
    out.writeLong(bookmark.number());
    out.writeInt(bookmark.file());
    out.writeLong(bookmark.fileFrom());
    out.writeLong(bookmark.offset());
    out.writeLong(bookmark.line());
    done.writeTo(out);
    failed.writeTo(out);
    out.writeLong(leftOut);
    out.writeUTF(bookmark.key());
    return bytes.toByteArray();
  }

  static Frame of(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Kind kind = kind((char) in.readByte());
    long number = in.readLong();
    Instant at = Instant.ofEpochMilli(in.readLong());
    int outputs = in.readInt();
    List<String> marks = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      marks.add(in.readUTF());
    }
    Bookmark place =
        new Bookmark(in.readLong(), in.readInt(), in.readLong(), in.readLong(), in.readLong());
    Stretches done = Stretches.readFrom(in);
    Stretches failed = Stretches.readFrom(in);
    long leftOut = in.available() > 0 ? in.readLong() : 0;
    Bookmark bookmark = in.available() > 0 ? place.key(in.readUTF()) : place;
    return new Frame(number, at, marks, done, failed, bookmark, kind, leftOut);
  }

  private static Kind kind(char letter) throws IOException {
    for (Kind each : Kind.values()) {
      if (each.name().charAt(0) == letter) {
        return each;
      }
    }
    throw new IOException("no kind of frame: " + letter);
  }
}
