package io.fanwise.pipeline;

import io.fanwise.rows.Json;
import io.fanwise.rows.Row;
import io.fanwise.work.Outcome;
import io.fanwise.work.ThrownElsewhere;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is kept of an input that failed for good: a line of JSON. Immutable, as far as the bytes
/// are left alone.
final class DeadLetter {
  private final byte[] line;

  private DeadLetter(byte[] line) {
    this.line = line;
  }

  static DeadLetter of(Outcome.Failed<Item, ?> failed, Instant now) {
    Item item = failed.input();
    Map<String, Object> letter = new LinkedHashMap<>();
    letter.put("index", item.position());
    if (item.raw() instanceof Row row) {
      letter.put("place", row.place());
      letter.put("input", row.text());
    } else {
      letter.put("input", item.raw());
    }
    letter.put("error", told(failed.error()));
    letter.put("attempts", failed.attempts());
    letter.put("ms", failed.duration().toMillis());
    letter.put("at", now);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(Json.bytes(letter));
    line.write('\n');
    return new DeadLetter(line.toByteArray());
  }

  /// The line, with its end.
  byte[] line() {
    return line;
  }

  private static String told(Throwable error) {
    List<String> told = new ArrayList<>();
    for (Throwable each = error; each != null; each = each.getCause()) {
      told.add(
          each instanceof ThrownElsewhere there
              ? String.valueOf(there.getMessage())
              : each.toString());
    }
    return String.join("; caused by ", told);
  }
}
