package io.fanwise.codec;

import io.fanwise.work.ThrownElsewhere;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A throwable: in words first, then as itself, so that whoever cannot rebuild it still has the
/// words.
///
/// @param className of which class
/// @param message what it said
/// @param trace where it was thrown
/// @param cause why
/// @param suppressed what else went wrong
record Thrown(
    String className,
    @Nullable String message,
    List<StackTraceElement> trace,
    @Nullable Thrown cause,
    List<Thrown> suppressed) {

  /// Causes of causes, and so on, that are told.
  private static final int DEEPEST = 64;

  static void write(Throwable throwable, Encoder encoder, Output out) throws IOException {
    Thrown words = of(throwable, Collections.newSetFromMap(new IdentityHashMap<>()), 0);
    out.u8(Tag.THROWABLE);
    words.write(out);
    try {
      SerialOutput.write(throwable, encoder, out);
    } catch (Channel e) {
      throw e;
    } catch (InvalidObjectException | RuntimeException e) {
      // The words are enough; the stream says that it ended early.
    }
  }

  private static Thrown of(Throwable throwable, Set<Throwable> told, int depth) {
    told.add(throwable);
    Throwable cause = cause(throwable);
    List<Thrown> suppressed = new ArrayList<>();
    for (Throwable other : throwable.getSuppressed()) {
      if (depth < DEEPEST && !told.contains(other)) {
        suppressed.add(of(other, told, depth + 1));
      }
    }
    return new Thrown(
        throwable.getClass().getName(),
        message(throwable),
        List.of(throwable.getStackTrace()),
        cause == null || depth >= DEEPEST || told.contains(cause)
            ? null
            : of(cause, told, depth + 1),
        suppressed);
  }

  private static @Nullable Throwable cause(Throwable throwable) {
    try {
      return throwable.getCause();
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static @Nullable String message(Throwable throwable) {
    try {
      return throwable.getLocalizedMessage();
    } catch (RuntimeException e) {
      return null;
    }
  }

  private void write(Output out) throws IOException {
    out.string(className);
    optional(out, message);
    out.varint(trace.size());
    for (StackTraceElement frame : trace) {
      out.string(frame.getClassName());
      out.string(frame.getMethodName());
      optional(out, frame.getFileName());
      out.i32(frame.getLineNumber());
    }
    out.u8(cause == null ? 0 : 1);
    if (cause != null) {
      cause.write(out);
    }
    out.varint(suppressed.size());
    for (Thrown other : suppressed) {
      other.write(out);
    }
  }

  private static void optional(Output out, @Nullable String text) throws IOException {
    out.u8(text == null ? 0 : 1);
    if (text != null) {
      out.string(text);
    }
  }

  static Object read(Decoder decoder, Input in) throws IOException {
    Thrown words = read(in, 0);
    SerialInput.Result result = SerialInput.read(decoder, in);
    return result.value() instanceof Throwable itself ? itself : words.elsewhere();
  }

  private static Thrown read(Input in, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new MalformedFrame("causes of causes, more than " + DEEPEST + " deep");
    }
    String className = in.string();
    String message = optional(in);
    int frames = in.length();
    List<StackTraceElement> trace = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      trace.add(new StackTraceElement(in.string(), in.string(), optional(in), in.i32()));
    }
    Thrown cause = in.u8() == 0 ? null : read(in, depth + 1);
    int others = in.length();
    List<Thrown> suppressed = new ArrayList<>();
    for (int i = 0; i < others; i++) {
      suppressed.add(read(in, depth + 1));
    }
    return new Thrown(className, message, trace, cause, suppressed);
  }

  private static @Nullable String optional(Input in) throws IOException {
    return in.u8() == 0 ? null : in.string();
  }

  private ThrownElsewhere elsewhere() {
    ThrownElsewhere elsewhere =
        new ThrownElsewhere(
            className,
            message,
            trace.toArray(new StackTraceElement[0]),
            cause == null ? null : cause.elsewhere());
    for (Thrown other : suppressed) {
      elsewhere.addSuppressed(other.elsewhere());
    }
    return elsewhere;
  }
}
