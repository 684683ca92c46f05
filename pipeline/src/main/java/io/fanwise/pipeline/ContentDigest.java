package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Row;
import java.io.File;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A digest of what a value contains: equal values have the same in every JVM, whatever order their
/// sets and maps are in, and others (but for one in 2^128) another. Confined to one thread.
final class ContentDigest {
  /// So many bytes of the digest are kept: equal digests of different values are not to be met
  /// with.
  private static final int BYTES = 16;

  private final MessageDigest digest = sha256();

  private ContentDigest() {}

  /// The digest of a value.
  ///
  /// @throws IllegalArgumentException if what it contains cannot be found out
  static String of(@Nullable Object value) {
    return HexFormat.of().formatHex(Arrays.copyOf(bytesOf(value), BYTES));
  }

  /// The digest of a value, as numbers.
  ///
  /// @throws IllegalArgumentException if what it contains cannot be found out
  static Digest digest(Object value) {
    ByteBuffer bytes = ByteBuffer.wrap(bytesOf(value));
    return new Digest(bytes.getLong(), bytes.getLong());
  }

  private static byte[] bytesOf(@Nullable Object value) {
    ContentDigest content = new ContentDigest();
    content.add(value);
    return content.digest.digest();
  }

  private void add(@Nullable Object value) {
    switch (value) {
      case null -> tag("null");
      case CharSequence text -> text("text", text.toString());
      case Number number -> text(number.getClass().getName(), number.toString());
      case Boolean bool -> text("boolean", bool.toString());
      case Character character -> text("character", character.toString());
      case Enum<?> constant -> text(constant.getDeclaringClass().getName(), constant.name());
      case Class<?> type -> text("class", type.getName());
      case Optional<?> optional -> {
        tag("optional");
        add(optional.orElse(null));
      }
      case Path path -> text("path", path.toString());
      case Row row -> text("row", row.toJson());
      case JsonNode json -> text("json", json.toString());
      case Set<?> set -> unordered("set", set.stream().map(ContentDigest::bytesOf).toList());
      case Map<?, ?> map ->
          unordered("map", map.entrySet().stream().map(ContentDigest::bytesOfEntry).toList());
      case Collection<?> list -> {
        count("list", list.size());
        list.forEach(this::add);
      }
      case byte[] bytes -> {
        count("bytes", bytes.length);
        digest.update(bytes);
      }
      case Record record -> record(record);
      default -> other(value);
    }
  }

  private void other(Object value) {
    if (value.getClass().isArray()) {
      count(value.getClass().getName(), Array.getLength(value));
      for (int i = 0; i < Array.getLength(value); i++) {
        add(Array.get(value, i));
      }
    } else if (told(value)) {
      text(value.getClass().getName(), value.toString());
    } else if (value instanceof Serializable) {
      serialized(value);
    } else {
      throw unknown(value, null);
    }
  }

  /// Whether its text says all. That of a date leaves out its milliseconds, that of a buffer what
  /// is in it.
  private static boolean told(Object value) {
    return value.getClass().getName().startsWith("java.time.")
        || value instanceof URI
        || value instanceof UUID
        || value instanceof File
        || value instanceof FileTime;
  }

  private void record(Record record) {
    tag(record.getClass().getName());
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      tag(component.getName());
      try {
        component.getAccessor().setAccessible(true);
        add(component.getAccessor().invoke(record));
      } catch (ReflectiveOperationException | RuntimeException e) {
        throw unknown(record, e);
      }
    }
  }

  private void serialized(Object value) {
    tag(value.getClass().getName());
    try (ObjectOutputStream stream =
        new ObjectOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
      stream.writeObject(value);
    } catch (IOException | UncheckedIOException e) {
      throw unknown(value, e);
    }
  }

  private static IllegalArgumentException unknown(Object value, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "what a %s contains cannot be told from outside: say by key what counts, such as its id"
            .formatted(value.getClass().getName()),
        cause);
  }

  private static byte[] bytesOfEntry(Map.Entry<?, ?> entry) {
    ContentDigest content = new ContentDigest();
    content.add(entry.getKey());
    content.add(entry.getValue());
    return content.digest.digest();
  }

  private void unordered(String kind, Collection<byte[]> parts) {
    count(kind, parts.size());
    parts.stream().sorted(Arrays::compare).forEach(digest::update);
  }

  private void text(String kind, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    count(kind, bytes.length);
    digest.update(bytes);
  }

  private void count(String kind, int count) {
    tag(kind);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, count));
  }

  private void tag(String tag) {
    digest.update(tag.getBytes(UTF_8));
    digest.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
