package io.fanwise.cli;

import io.fanwise.http.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonPointer;

/// What is made a result of an answer: all of it, a part of its JSON, or several under their names.
/// Immutable.
///
/// @param parts the parts; none for all of it
record Selecting(List<Part> parts) {

  /// A part of an answer.
  ///
  /// @param name what it is called beside others; empty if it is alone, and called nothing
  /// @param pointer where it is, as a JSON pointer
  record Part(String name, String pointer) {}

  /// Reads `/data/id`, or `id=/data/id` to call it so.
  ///
  /// @throws IllegalArgumentException if one is no JSON pointer, or two have the same name
  static Selecting of(List<String> written) {
    List<Part> parts = new ArrayList<>();
    for (String each : written) {
      int equals = each.startsWith("/") ? -1 : each.indexOf('=');
      String pointer = each.substring(equals + 1);
      requireSound(pointer);
      String last = written.size() == 1 ? "" : pointer.substring(pointer.lastIndexOf('/') + 1);
      parts.add(new Part(equals < 0 ? last : each.substring(0, equals), pointer));
    }
    long names = parts.stream().map(Part::name).distinct().count();
    if (names < parts.size()) {
      throw new IllegalArgumentException(
          "two parts of an answer have the same name: write --select NAME=%s"
              .formatted(parts.getLast().pointer()));
    }
    return new Selecting(List.copyOf(parts));
  }

  private static void requireSound(String pointer) {
    if (!pointer.startsWith("/") || pointer.length() < 2) {
      throw new IllegalArgumentException(
          "'%s' is no JSON pointer; write --select /data/id, or --select NAME=/data/id"
              .formatted(pointer));
    }
    JsonPointer.compile(pointer);
  }

  /// The result.
  Object from(Answer answer) {
    if (parts.isEmpty()) {
      return answer;
    }
    if (parts.size() == 1 && parts.getFirst().name().isEmpty()) {
      return answer.select(parts.getFirst().pointer());
    }
    Map<String, Object> selected = new LinkedHashMap<>();
    for (Part each : parts) {
      selected.put(each.name(), answer.select(each.pointer()));
    }
    return selected;
  }
}
