package io.fanwise.processes.worker;

import io.fanwise.codec.MalformedFrame;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// How a worker introduces itself on each line it opens to its parent.
///
/// @param worker its number
/// @param line what the line is for: [#WORK], [#ASIDE] or [#STATE]
/// @param token the secret it was given
/// @param classes how it came by the JDK's classes
@SuppressWarnings("ArrayRecordComponent") // compared by the one who knows the secret
public record Hello(int worker, int line, byte[] token, Classes classes) {
  /// How long a secret is.
  public static final int TOKEN_BYTES = 16;

  /// What a worker of this version begins with: "fan" and the number of the protocol.
  private static final int MAGIC = 0x66616e01;

  private static final int BYTES = 2 * Integer.BYTES + 2 + TOKEN_BYTES;

  /// For batches and what comes of them.
  public static final int WORK = 1;

  /// For classes that are missing, and for what tasks print.
  public static final int ASIDE = 2;

  /// For one operation at a time on what workers share.
  public static final int STATE = 3;

  /// How a JVM comes by the JDK's classes when it starts.
  public enum Classes {
    /// From an archive, the JDK's own or an AOT cache.
    SHARED,
    /// One by one, which takes three times as long: it had an archive that it could not use.
    LOADED;

    /// What is true of this JVM.
    static Classes here() {
      return System.getProperty("java.vm.info", "").contains("sharing") ? SHARED : LOADED;
    }
  }

  void send(ByteChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).putInt(MAGIC).putInt(worker).put((byte) line);
    bytes.put(token).put((byte) (classes == Classes.SHARED ? 1 : 0)).flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Reads what a worker says first, and no more than that.
  ///
  /// @param channel a new connection
  /// @return who it is
  /// @throws IOException if it is nobody we know how to talk to
  public static Hello read(ByteChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("somebody connected and went without a word");
      }
    }
    bytes.flip();
    if (bytes.getInt() != MAGIC) {
      throw new MalformedFrame("somebody connected who is no worker of this version");
    }
    int worker = bytes.getInt();
    int kind = bytes.get();
    byte[] token = new byte[TOKEN_BYTES];
    bytes.get(token);
    Classes classes = bytes.get() == 1 ? Classes.SHARED : Classes.LOADED;
    return new Hello(worker, kind, token, classes);
  }
}
