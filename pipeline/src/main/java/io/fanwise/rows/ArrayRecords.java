package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// The elements of a file that is one JSON array, in UTF-8. Here their ends are found; what is in
/// them is parsed on a worker. Confined to the thread that reads.
final class ArrayRecords implements Records {
  private static final JsonFactory JSON = new JsonFactory();

  /// What stands for all that was left out: an array whose first element has been read.
  private static final byte[] LEFT_OUT = "[0".getBytes(ISO_8859_1);

  // NEW ──▶ OPEN ──▶ ENDED     (advance() passes the opening and the closing bracket)
  private enum State {
    NEW,
    OPEN,
    ENDED
  }

  private final String file;
  private final int longest;
  private final KeptBytes in;
  private final long before;
  private final long linesBefore;
  private final boolean begun;

  private @Nullable JsonParser parser;
  private State state = State.NEW;
  private String text = "";
  private long line;
  private long end;

  /// @param offset how many bytes were left out before the first that `in` has
  /// @param line how many lines those were
  ArrayRecords(String file, int longest, InputStream in, long offset, long line) {
    this.file = file;
    this.longest = longest;
    this.begun = offset > 0;
    this.before = begun ? offset - LEFT_OUT.length : 0;
    this.linesBefore = line;
    this.line = line + 1;
    this.end = offset;
    InputStream whole =
        begun ? new SequenceInputStream(new ByteArrayInputStream(LEFT_OUT), in) : in;
    this.in = new KeptBytes(whole, before, new KeptBytes.Limit(longest, this::tooLong));
  }

  @Override
  public boolean advance() throws IOException {
    try {
      if (state == State.NEW) {
        parser = open();
        state = State.OPEN;
      }
      return parser != null && state == State.OPEN && advance(parser);
    } catch (StreamConstraintsException e) {
      throw new BadInput(
          "%s: not to be read as JSON, and so the end of this element cannot be found: %s"
              .formatted(place(e), Json.reason(e)),
          e);
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException e) {
      throw new BadInput("%s: not JSON: %s".formatted(place(e), Json.reason(e)), e);
    }
  }

  @Override
  public Row row(long number) {
    return new JsonRow(file, number, line, text);
  }

  @Override
  public long offset() {
    return end;
  }

  @Override
  public long line() {
    return parser == null ? linesBefore : linesBefore + parser.currentLocation().getLineNr() - 1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private JsonParser open() {
    JsonParser opened = JSON.createParser(ObjectReadContext.empty(), in);
    JsonToken first = opened.nextToken();
    if (first != JsonToken.START_ARRAY) {
      throw new BadInput(
          "%s: no JSON array, %s: a file with a value on each line is read as JSON Lines"
              .formatted(
                  file, first == null ? "it is empty" : "it begins with " + first.asString()));
    }
    if (opened.currentLocation().getByteOffset() < 0) {
      throw new BadInput(file + ": not UTF-8: rewrite it as UTF-8, such as by iconv");
    }
    if (begun) {
      opened.nextToken();
    }
    return opened;
  }

  private boolean advance(JsonParser json) {
    JsonToken token = json.nextToken();
    if (token == JsonToken.END_ARRAY) {
      requireEnd(json);
      state = State.ENDED;
      return false;
    }
    long start = before + json.currentTokenLocation().getByteOffset();
    line = linesBefore + json.currentTokenLocation().getLineNr();
    in.forgetBefore(start);
    json.skipChildren();
    json.finishToken();
    end = before + json.currentLocation().getByteOffset();
    take(start);
    return true;
  }

  /// Line ends in JSON are nothing but space, and a row has none.
  private void take(long start) {
    if (end - start > longest) {
      throw tooLong();
    }
    byte[] bytes = in.first(Math.toIntExact(end - start));
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        bytes[i] = ' ';
      }
    }
    text = Utf8.text(bytes, 0, bytes.length, file, line, start);
  }

  private void requireEnd(JsonParser json) {
    if (json.nextToken() != null) {
      throw new BadInput(
          "%s:%d: something follows the end of the array"
              .formatted(file, linesBefore + json.currentTokenLocation().getLineNr()));
    }
  }

  private BadInput tooLong() {
    return new BadInput(
        "%s:%d: an element longer than %d bytes, or than memory has room for, so that its end cannot be found"
            .formatted(file, line, longest));
  }

  private String place(JacksonException e) {
    return e.getLocation() == null
        ? "%s:%d".formatted(file, line)
        : "%s:%d".formatted(file, linesBefore + e.getLocation().getLineNr());
  }
}
