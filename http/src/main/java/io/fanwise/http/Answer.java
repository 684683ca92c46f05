package io.fanwise.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Json;
import io.fanwise.rows.JsonBytes;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a web service answered.
///
/// Written as JSON, it is the answer's body: JSON as it came, text as a string, anything else as a
/// string in Base64, nothing as null; of a body that was saved, the file, its size and the status.
/// Immutable, as far as [#body] is left alone.
public final class Answer implements JsonBytes, Serializable {
  private static final long serialVersionUID = 1;

  /// In bytes; messages show less of it.
  private static final int BEGINNING = 1 << 12;

  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

  /// The request, for people.
  private final String asked;

  /// Its status.
  private final int status;

  /// Its headers.
  private final Headers headers;

  /// Its body; empty if that is in a file.
  private final byte[] body;

  /// The length of its body.
  private final long size;

  /// Where its body is; null if it is here.
  private final @Nullable String file;

  /// How long the call took.
  private final Duration time;

  /// What is not to be seen in messages.
  private final Mask mask;

  Answer(String asked, Reply reply, Duration time, Mask mask) {
    this.asked = asked;
    this.mask = mask;
    this.status = reply.status();
    this.headers = reply.headers();
    this.body = reply.body();
    this.size = reply.size();
    Path saved = reply.saved();
    this.file = saved == null ? null : saved.toString();
    this.time = time;
  }

  /// Its status.
  ///
  /// @return such as 200
  public int status() {
    return status;
  }

  /// Its headers.
  ///
  /// @return all of them
  public Headers headers() {
    return headers;
  }

  /// Its body, unpacked.
  ///
  /// @return the bytes; none if the body was saved to a file
  public byte[] body() {
    return body;
  }

  /// How long its body is.
  ///
  /// @return bytes, unpacked, also if it was saved to a file
  public long size() {
    return size;
  }

  /// Where its body was saved.
  ///
  /// @return the file; empty if it was not to be saved
  public Optional<Path> file() {
    return Optional.ofNullable(file).map(Path::of);
  }

  /// How long the call took, redirects included.
  ///
  /// @return the time from the request to the end of the body
  public Duration time() {
    return time;
  }

  /// Its body as text, in the character set that it names, else in UTF-8.
  ///
  /// @return the text
  public String text() {
    return new String(body, charset());
  }

  /// Its body as a JSON value.
  ///
  /// @return the value
  /// @throws HttpFailed if it is not JSON
  public JsonNode tree() {
    try {
      return Json.tree((JsonBytes) () -> body);
    } catch (JacksonException e) {
      throw noJson(e);
    }
  }

  /// A part of its body, which is JSON.
  ///
  /// @param pointer a JSON pointer (RFC 6901), such as `/data/0/name`
  /// @return that part
  /// @throws HttpFailed if the body is not JSON, or has no such part
  public JsonNode select(String pointer) {
    JsonNode part = tree().at(pointer);
    if (part.isMissingNode()) {
      throw new HttpFailed(
          HttpFailed.Kind.FINAL,
          status,
          "%s failed: nothing at %s in the answer: %s".formatted(asked, pointer, excerpt()));
    }
    return part;
  }

  /// @throws HttpFailed if it should be JSON and is not
  @Override
  public byte[] json() {
    if (file != null) {
      Map<String, Object> saved = new LinkedHashMap<>();
      saved.put("file", file);
      saved.put("bytes", size);
      saved.put("status", status);
      return Json.bytes(saved);
    }
    if (body.length == 0) {
      return "null".getBytes(UTF_8);
    }
    return switch (kind()) {
      case JSON -> oneLine();
      case TEXT -> Json.bytes(text());
      case BYTES -> Json.bytes(Base64.getEncoder().encodeToString(body));
    };
  }

  private enum Kind {
    JSON,
    TEXT,
    BYTES
  }

  /// By what the service says; if it says nothing, it is taken for JSON.
  private Kind kind() {
    String type =
        headers
            .first("Content-Type")
            .orElse("json")
            .replaceFirst(";.*", "")
            .strip()
            .toLowerCase(Locale.ROOT);
    if (type.endsWith("json")) {
      return Kind.JSON;
    }
    boolean text =
        type.startsWith("text/")
            || type.endsWith("xml")
            || type.endsWith("javascript")
            || type.endsWith("x-www-form-urlencoded");
    return text ? Kind.TEXT : Kind.BYTES;
  }

  private byte[] oneLine() {
    try {
      return Json.oneLine(body);
    } catch (JacksonException e) {
      throw noJson(e);
    }
  }

  /// The parser's reason has words of the body in it, which may be a part of a secret.
  private HttpFailed noJson(JacksonException e) {
    String reason = mask.isEmpty() ? " (%s)".formatted(e.getOriginalMessage()) : "";
    return new HttpFailed(
        HttpFailed.Kind.FINAL,
        status,
        "%s answered %d with a body that is not JSON%s: %s"
            .formatted(asked, status, reason, excerpt()));
  }

  /// The beginning of the body, for messages: without secrets, and without the first half of one.
  String excerpt() {
    int read = Math.min(body.length, BEGINNING);
    String text = mask.hide(new String(body, 0, read, charset()));
    int sure = read == body.length ? text.length() : text.length() - mask.longest();
    String line = text.substring(0, Math.max(0, sure)).strip().replaceAll("\\s+", " ");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }

  private Charset charset() {
    Matcher named = CHARSET.matcher(headers.first("Content-Type").orElse(""));
    if (!named.find()) {
      return UTF_8;
    }
    try {
      return Charset.forName(named.group(1));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return UTF_8;
    }
  }

  /// What was asked, and the status.
  @Override
  public String toString() {
    return "%s answered %d (%d bytes)".formatted(asked, status, size);
  }
}
