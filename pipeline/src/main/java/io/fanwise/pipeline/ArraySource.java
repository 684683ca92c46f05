package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Format;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The elements of files that are each one JSON array. Immutable.
///
/// @param lines the same files, as if each element had a line of its own
record ArraySource(FileSource<JsonNode> lines) implements Source<JsonNode> {

  static ArraySource of(List<Path> files) {
    Reading reading = Reading.standard().format(Format.JSONL);
    return new ArraySource(new FileSource<>(files, reading, Row::json));
  }

  @Override
  public List<String> identity() throws IOException {
    List<String> identity = new ArrayList<>(lines.identity());
    identity.addFirst("elements of JSON arrays");
    return identity;
  }

  @Override
  public List<Path> files() {
    return lines.files();
  }

  @Override
  public Cursor open(Bookmark from) {
    return new FileSource.Rows(
        Inputs.elements(lines.names(), lines.standardInput(), lines.reading().longest(), from));
  }

  @Override
  public Task<Object, JsonNode> decoder() {
    return lines.decoder();
  }
}
