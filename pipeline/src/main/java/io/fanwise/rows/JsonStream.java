package io.fanwise.rows;

import java.io.IOException;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// JSON values on their way into a stream, one behind another with nothing between: what each of
/// them takes to begin is spent only once. A value that could not be written leaves it of no use.
///
/// Confined to one thread at a time.
public final class JsonStream {
  private final JsonMapper mapper;
  private final OutputStream out;
  private final JsonGenerator generator;

  JsonStream(JsonMapper mapper, OutputStream out) {
    this.mapper = mapper;
    this.out = out;
    this.generator = mapper.createGenerator(out);
  }

  /// Writes an object as JSON on one line, in UTF-8, as [Json#bytes] makes it. All of it is in the
  /// stream afterwards.
  ///
  /// @param value data
  /// @throws IOException if the stream does not take it
  public void write(Object value) throws IOException {
    if (Json.ready(value)) {
      out.write(Json.bytes(value));
    } else {
      mapper.writeValue(generator, Json.data(value));
    }
  }
}
