package io.fanwise.processes.worker;

import io.fanwise.codec.Input;
import io.fanwise.codec.Output;
import java.io.IOException;

/// How a worker introduces itself on each line it opens to its parent.
///
/// @param worker its number
/// @param line what the line is for: [#WORK], [#ASIDE] or [#STATE]
/// @param pid its process
/// @param token the secret it was given
@SuppressWarnings("ArrayRecordComponent") // compared by the one who knows the secret
public record Hello(int worker, int line, long pid, byte[] token) {
  /// How long a secret is.
  public static final int TOKEN_BYTES = 16;

  /// For batches and what comes of them.
  public static final int WORK = 1;

  /// For classes that are missing, and for what tasks print.
  public static final int ASIDE = 2;

  /// For one operation at a time on what workers share.
  public static final int STATE = 3;

  void send(Line line) throws IOException {
    Output out = line.begin(Frame.HELLO, null);
    out.i32(worker);
    out.u8(this.line);
    out.i64(pid);
    out.bytes(token, 0, TOKEN_BYTES);
    line.end();
  }

  /// Reads what a worker says first.
  ///
  /// @param line a new line
  /// @return who it is
  /// @throws IOException if it is nobody we know how to talk to
  public static Hello read(Line line) throws IOException {
    if (line.next() != Frame.HELLO) {
      throw new IOException("somebody connected who did not say hello");
    }
    Input in = line.content();
    int worker = in.i32();
    int kind = in.u8();
    long pid = in.i64();
    byte[] token = in.bytes(TOKEN_BYTES);
    return new Hello(worker, kind, pid, token);
  }
}
