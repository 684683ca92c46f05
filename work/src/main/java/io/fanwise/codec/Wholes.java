package io.fanwise.codec;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.util.Arrays;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/// What exists only after its parts do: records, lambdas, throwables, immutable collections.
///
/// Confined to one thread.
final class Wholes {
  private final Decoder decoder;
  private final Input in;

  Wholes(Decoder decoder, Input in) {
    this.decoder = decoder;
    this.in = in;
  }

  @Nullable Object read(int tag) throws IOException {
    return switch (tag) {
      case Tag.RECORD -> record();
      case Tag.LAMBDA -> Closure.read(decoder, in);
      case Tag.THROWABLE -> Thrown.read(decoder, in);
      case Tag.OPTIONAL -> built(tag, new @Nullable Object[] {decoder.read()});
      case Tag.MAP_OF, Tag.SINGLETON_MAP -> built(tag, pairs(in.length()));
      case Tag.ENUM_SET -> enumSet();
      case Tag.AS_LIST,
          Tag.LIST_OF,
          Tag.NULLS_LIST_OF,
          Tag.SET_OF,
          Tag.SINGLETON_LIST,
          Tag.SINGLETON_SET ->
          built(tag, decoder.parts(in.length()));
      default -> throw new MalformedFrame("tag " + tag);
    };
  }

  private @Nullable Object[] pairs(int size) throws IOException {
    if (size > Integer.MAX_VALUE / 2) {
      throw new MalformedFrame("a map of " + size);
    }
    return decoder.parts(2 * size);
  }

  private @Nullable Object built(int tag, @Nullable Object[] parts) {
    if (decoder.failed()) {
      return null;
    }
    try {
      return Build.of(tag, parts);
    } catch (RuntimeException | Error e) {
      decoder.fail(e);
      return null;
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private @Nullable Object enumSet() throws IOException {
    Class<?> type = decoder.type();
    @Nullable Object[] parts = decoder.parts(in.length());
    if (type == null || decoder.failed()) {
      return null;
    }
    try {
      EnumSet set = EnumSet.noneOf((Class) type);
      set.addAll(Arrays.asList(parts));
      return set;
    } catch (RuntimeException | Error e) {
      decoder.fail(e);
      return null;
    }
  }

  private @Nullable Object record() throws IOException {
    Class<?> type = decoder.type();
    @Nullable Object[] parts = decoder.parts(in.length());
    if (type == null || decoder.failed()) {
      return null;
    }
    try {
      if (!type.isRecord()) {
        throw new InvalidObjectException(type.getName() + " is not a record here");
      }
      return Shape.of(type).create(parts);
    } catch (Throwable e) {
      decoder.fail(e);
      return null;
    }
  }
}
