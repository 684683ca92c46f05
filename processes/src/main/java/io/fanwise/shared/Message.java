package io.fanwise.shared;

import io.fanwise.shared.Refused.Reason;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What goes over a connection. The worker says [Ask], [Cancel], [Make] and [Drop], and for workers
/// of its own [From] and [Gone]; [Ask] and [Make] have one answer each: [Answer], [No], [Cancelled]
/// or [Made].
///
/// Immutable.
sealed interface Message {

  /// Three are in use: what is beyond is left over, and so malformed.
  int MOST_ARGUMENTS = 4;

  /// What is to be done with an object. It owns its arguments.
  @SuppressWarnings("ArrayRecordComponent")
  record Ask(
      long home,
      Kind kind,
      long id,
      Verb verb,
      long thread,
      long patience,
      @Nullable Object[] arguments)
      implements Message {}

  /// What was asked last need not be done any more; it is answered nevertheless.
  record Cancel() implements Message {}

  /// A new object.
  record Make(Kind kind, long size) implements Message {}

  /// The worker does not need this one any more that it had made.
  record Drop(long id) implements Message {}

  /// What comes over this connection from now on is said by a worker of the worker.
  record From(long number, String name) implements Message {}

  /// A worker of the worker is gone.
  record Gone(long number, boolean lost) implements Message {}

  /// It was done, or the time was up.
  record Answer(@Nullable Object value) implements Message {}

  /// It was refused.
  record No(Reason reason, String text) implements Message {}

  /// It was not done, as was wished.
  ///
  /// @param text what it waited for
  record Cancelled(String text) implements Message {}

  /// Here it is.
  record Made(long home, Kind kind, long id) implements Message {}

  /// As bytes.
  ///
  /// @throws IllegalArgumentException if it holds a value that cannot be sent
  default byte[] encoded() {
    var bytes = new ByteArrayOutputStream(64);
    var out = new DataOutputStream(bytes);
    try {
      switch (this) {
        case Ask(var home, var kind, var id, var verb, var thread, var patience, var arguments) -> {
          out.writeByte(0);
          out.writeLong(home);
          out.writeByte(code(kind));
          out.writeLong(id);
          out.writeByte(code(verb));
          out.writeLong(thread);
          out.writeLong(patience);
          Wire.write(out, arguments);
        }
        case Cancel() -> out.writeByte(1);
        case Make(var kind, var size) -> {
          out.writeByte(2);
          out.writeByte(code(kind));
          out.writeLong(size);
        }
        case Drop(var id) -> {
          out.writeByte(3);
          out.writeLong(id);
        }
        case Answer(var value) -> {
          out.writeByte(4);
          Wire.write(out, value);
        }
        case No(var reason, var text) -> {
          out.writeByte(5);
          out.writeByte(code(reason));
          out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        case Cancelled(var text) -> {
          out.writeByte(6);
          out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        case Made(var home, var kind, var id) -> {
          out.writeByte(7);
          out.writeLong(home);
          out.writeByte(code(kind));
          out.writeLong(id);
        }
        case From(var number, var name) -> {
          out.writeByte(8);
          out.writeLong(number);
          out.write(name.getBytes(StandardCharsets.UTF_8));
        }
        case Gone(var number, var lost) -> {
          out.writeByte(9);
          out.writeLong(number);
          out.writeBoolean(lost);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("nothing but memory was written to", e);
    }
    return bytes.toByteArray();
  }

  /// From bytes.
  ///
  /// @throws ProtocolException if they are no message
  static Message decoded(ByteBuffer in) throws ProtocolException {
    try {
      byte type = in.get();
      Message message =
          switch (type) {
            case 0 -> ask(in);
            case 1 -> new Cancel();
            case 2 -> new Make(one(Kind.values(), in), in.getLong());
            case 3 -> new Drop(in.getLong());
            case 4 -> new Answer(Wire.read(in, Integer.MAX_VALUE));
            case 5 -> new No(one(Reason.values(), in), rest(in));
            case 6 -> new Cancelled(rest(in));
            case 7 -> new Made(in.getLong(), one(Kind.values(), in), in.getLong());
            case 8 -> new From(in.getLong(), rest(in));
            case 9 -> new Gone(in.getLong(), in.get() != 0);
            default -> throw new ProtocolException("malformed frame: there is no type " + type);
          };
      if (in.hasRemaining()) {
        throw new ProtocolException("malformed frame: " + in.remaining() + " bytes too many");
      }
      return message;
    } catch (BufferUnderflowException e) {
      throw new ProtocolException("malformed frame: it is cut off after " + in.limit() + " bytes");
    }
  }

  private static Ask ask(ByteBuffer in) throws ProtocolException {
    long home = in.getLong();
    Kind kind = one(Kind.values(), in);
    long id = in.getLong();
    Verb verb = one(Verb.values(), in);
    long thread = in.getLong();
    long patience = in.getLong();
    if (!(Wire.read(in, MOST_ARGUMENTS) instanceof Object[] arguments)) {
      throw new ProtocolException("malformed frame: a question without arguments");
    }
    return new Ask(home, kind, id, verb, thread, patience, arguments);
  }

  // both ends run the same jar
  @SuppressWarnings("EnumOrdinal")
  private static int code(Enum<?> one) {
    return one.ordinal();
  }

  private static <E> E one(E[] all, ByteBuffer in) throws ProtocolException {
    byte which = in.get();
    if (which < 0 || which >= all.length) {
      throw new ProtocolException(
          "malformed frame: there is no "
              + all.getClass().getComponentType().getSimpleName()
              + " "
              + which);
    }
    return all[which];
  }

  private static String rest(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
