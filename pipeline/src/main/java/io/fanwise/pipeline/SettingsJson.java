package io.fanwise.pipeline;

import io.fanwise.pipeline.RunFolder.Command;
import io.fanwise.pipeline.RunFolder.Settings;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// What is run, as `run.json` has it. It is written and read token by token, since binding data to
/// classes takes a quarter of a second to set up, which a run that only goes on would wait for.
/// Immutable.
final class SettingsJson {
  private static final JsonFactory JSON = new JsonFactory();

  private SettingsJson() {}

  static byte[] bytes(Settings settings) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      out.writeNumberProperty("format", settings.format());
      out.writeStringProperty("id", settings.id());
      out.writeStringProperty("created", settings.created().toString());
      write(out, "source", settings.source());
      out.writeStringProperty("task", settings.task());
      write(out, "sinks", settings.sinks());
      out.writeObjectPropertyStart("command");
      out.writeStringProperty("folder", settings.command().folder());
      write(out, "words", settings.command().words());
      out.writeEndObject();
      out.writeObjectPropertyStart("selection");
      out.writeNumberProperty("from", settings.selection().from());
      out.writeNumberProperty("to", settings.selection().to());
      out.writeNumberProperty("shard", settings.selection().shard());
      out.writeNumberProperty("shards", settings.selection().shards());
      out.writeEndObject();
      out.writeEndObject();
      out.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator out, String name, List<String> lines) {
    out.writeArrayPropertyStart(name);
    lines.forEach(out::writeString);
    out.writeEndArray();
  }

  /// @throws JacksonException if it is no JSON, or not of this form
  static Settings read(byte[] json) {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
      Reading reading = new Reading(in);
      in.nextToken();
      Settings settings = reading.settings();
      if (in.nextToken() != null) {
        throw reading.unexpected();
      }
      return settings;
    }
  }

  /// Tokens as they are read. Confined to one thread.
  private record Reading(JsonParser in) {

    Settings settings() {
      int format = 0;
      String id = "";
      Instant created = Instant.EPOCH;
      List<String> source = List.of();
      String task = "";
      List<String> sinks = List.of();
      Command command = Command.UNKNOWN;
      Selection selection = Selection.ALL;
      begin();
      while (more()) {
        switch (in.currentName()) {
          case "format" -> format = (int) number();
          case "id" -> id = text();
          case "created" -> created = instant();
          case "source" -> source = texts();
          case "task" -> task = text();
          case "sinks" -> sinks = texts();
          case "command" -> command = command();
          case "selection" -> selection = selection();
          default -> in.skipChildren();
        }
      }
      if (id.isEmpty() || sinks.isEmpty()) {
        throw unexpected(); // no run is without them
      }
      return new Settings(format, id, created, source, task, sinks, command, selection);
    }

    private Command command() {
      String folder = "";
      List<String> words = List.of();
      begin();
      while (more()) {
        switch (in.currentName()) {
          case "folder" -> folder = text();
          case "words" -> words = texts();
          default -> in.skipChildren();
        }
      }
      return new Command(folder, words);
    }

    private Selection selection() {
      long from = 0;
      long to = Long.MAX_VALUE;
      int shard = 1;
      int shards = 1;
      begin();
      while (more()) {
        switch (in.currentName()) {
          case "from" -> from = number();
          case "to" -> to = number();
          case "shard" -> shard = (int) number();
          case "shards" -> shards = (int) number();
          default -> in.skipChildren();
        }
      }
      try {
        return new Selection(from, to, shard, shards);
      } catch (IllegalArgumentException e) {
        throw new StreamReadException(in, e.getMessage(), e);
      }
    }

    private void begin() {
      require(JsonToken.START_OBJECT);
    }

    /// Goes on to the value of the next property, if there is one.
    private boolean more() {
      if (in.nextToken() == JsonToken.END_OBJECT) {
        return false;
      }
      require(JsonToken.PROPERTY_NAME);
      in.nextToken();
      return true;
    }

    private long number() {
      require(JsonToken.VALUE_NUMBER_INT);
      return in.getLongValue();
    }

    private String text() {
      require(JsonToken.VALUE_STRING);
      return in.getString();
    }

    private Instant instant() {
      String text = text();
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw new StreamReadException(in, "no time: " + text, e);
      }
    }

    private List<String> texts() {
      require(JsonToken.START_ARRAY);
      List<String> texts = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        texts.add(text());
      }
      return texts;
    }

    private void require(JsonToken expected) {
      if (in.currentToken() != expected) {
        throw unexpected();
      }
    }

    private StreamReadException unexpected() {
      return new StreamReadException(in, "%s was not expected here".formatted(in.currentToken()));
    }
  }
}
