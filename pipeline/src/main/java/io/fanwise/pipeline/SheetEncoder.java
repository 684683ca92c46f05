package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Json;

/// Makes a file of each result: bytes and text as they are, anything else as JSON. Immutable.
///
/// @param naming names the files
/// @param <R> the type of results
record SheetEncoder<R>(Naming<? super R> naming) implements Sink.Encoder<R> {

  @Override
  public Sheet encode(long position, R result) throws Exception {
    return new Sheet(FileName.checked(naming.name(position, result)), bytes(result));
  }

  private static byte[] bytes(Object result) {
    return switch (result) {
      case byte[] bytes -> bytes;
      case CharSequence text -> text.toString().getBytes(UTF_8);
      default -> Json.bytes(result);
    };
  }
}
