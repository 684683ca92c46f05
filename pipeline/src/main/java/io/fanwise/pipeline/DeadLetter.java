package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Json;
import io.fanwise.rows.Row;
import io.fanwise.work.Execution;
import io.fanwise.work.ThrownElsewhere;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What is kept of an input that failed for good: a line of JSON. Immutable, as far as the bytes
/// are left alone.
final class DeadLetter {
  private final byte[] line;
  private final @Nullable Object[] remains;

  private DeadLetter(byte[] line, @Nullable Object[] remains) {
    this.line = line;
    this.remains = remains;
  }

  /// @param key what the input is called, if it is, as JSON
  static DeadLetter of(
      Item item, Throwable error, Execution execution, Optional<byte[]> key, Instant now) {
    Map<String, Object> letter = new LinkedHashMap<>();
    letter.put("index", item.position());
    key.ifPresent(json -> letter.put("key", Json.read(new String(json, UTF_8), JsonNode.class)));
    if (item.raw() instanceof Row row) {
      letter.put("place", row.place());
      letter.put("input", row.text());
    } else {
      letter.put("input", item.raw());
    }
    letter.put("error", told(error));
    letter.put("attempts", execution.attempts());
    letter.put("ms", execution.duration().toMillis());
    letter.put("at", now);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(json(letter, item));
    line.write('\n');
    return new DeadLetter(line.toByteArray(), new Object[0]);
  }

  /// With what outputs are to be given all the same; null for those that get nothing.
  DeadLetter with(@Nullable Object[] outputs) {
    return new DeadLetter(line, outputs);
  }

  /// What the output of that number gets all the same; null if nothing.
  @Nullable Object remains(int output) {
    return output < remains.length ? remains[output] : null;
  }

  /// The line, with its end.
  byte[] line() {
    return line;
  }

  /// An input that no JSON can be made of (too deep, or in a circle) is told by its text: a failure
  /// of one input must not end the run.
  private static byte[] json(Map<String, Object> letter, Item item) {
    try {
      return Json.bytes(letter);
    } catch (RuntimeException | StackOverflowError e) {
      letter.put("input", text(item.raw()));
      return Json.bytes(letter);
    }
  }

  private static String text(Object input) {
    try {
      return input.toString();
    } catch (RuntimeException | StackOverflowError e) {
      return input.getClass().getName();
    }
  }

  /// Causes may go in a circle.
  private static String told(Throwable error) {
    List<String> told = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable each = error; each != null && seen.add(each); each = each.getCause()) {
      told.add(
          each instanceof ThrownElsewhere || each instanceof EqualFailed
              ? String.valueOf(each.getMessage())
              : each.toString());
    }
    return String.join("; caused by ", told);
  }
}
