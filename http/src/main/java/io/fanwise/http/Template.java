package io.fanwise.http;

import io.fanwise.rows.Json;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Text with fields of the item in it: `{id}` a field by its name, `{/user/name}` by JSON pointer,
/// `{}` or `{line}` the item itself, `{env:TOKEN}` and `{file:PATH}` a secret. `{{` and `}}` are
/// braces; in JSON, where braces have their own meaning, only `{name}` is a field. Immutable.
///
/// @param source as it was given
/// @param pieces what it consists of
record Template(String source, List<Piece> pieces) implements Serializable {

  private static final Pattern TOKEN = Pattern.compile("\\{\\{|\\}\\}|\\{([^{}\"\\r\\n]*)\\}|[{}]");

  private static final Pattern JSON_TOKEN =
      Pattern.compile("\\{((?:env:|file:)?[\\p{L}_/][^{}\":,\\r\\n]*|file:[^{}\"\\r\\n]+)\\}");

  Template {
    pieces = List.copyOf(pieces);
  }

  /// A URL, each field at its place in it.
  static Template url(String source) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    for (Piece piece : parsed(source, Place.URL)) {
      Piece placed =
          switch (piece) {
            case Piece.Text(var text) -> new Piece.Text(Url.literal(text));
            case Piece.Field(var name, _) -> new Piece.Field(name, placeAfter(before));
            case Piece.Hidden(var secret, _) -> new Piece.Hidden(secret, placeAfter(before));
            case Piece.Basic basic -> basic;
          };
      before.append(placed instanceof Piece.Text(var text) ? text : "x");
      pieces.add(placed);
    }
    boolean itself = !pieces.isEmpty() && !(pieces.getFirst() instanceof Piece.Text);
    Url.requireSound(itself ? "http://" + before : before.toString());
    return new Template(source, pieces);
  }

  private static Place placeAfter(CharSequence before) {
    String text = before.toString();
    if (text.isEmpty()) {
      return Place.URL;
    }
    if (text.indexOf('?') >= 0) {
      return Place.QUERY;
    }
    int authority = text.indexOf("://");
    boolean inHost = authority >= 0 && text.indexOf('/', authority + 3) < 0;
    return inHost ? Place.HOST : Place.PATH;
  }

  /// Text at one kind of place.
  static Template text(String source, Place place) {
    List<Piece> pieces = parsed(source, place);
    for (Piece piece : pieces) {
      if (place == Place.HEADER && piece instanceof Piece.Text(var text)) {
        Place.HEADER.written(source, text);
      }
    }
    return new Template(source, pieces);
  }

  /// A secret after some text.
  static Template hidden(String before, Secret secret) {
    return new Template(
        "%s{%s}".formatted(before, secret.source()),
        List.of(new Piece.Text(before), new Piece.Hidden(secret, Place.HEADER)));
  }

  /// A user and a password, as they are sent.
  static Template basic(String user, Secret password) {
    return new Template(
        "Basic %s:{%s}".formatted(user, password.source()),
        List.of(new Piece.Text("Basic "), new Piece.Basic(user, password)));
  }

  /// The name of a file.
  static Template file(String source) {
    for (Path part : Path.of(source)) {
      if (part.toString().equals("..")) {
        throw new IllegalArgumentException("the name of a file must not have .. in it: " + source);
      }
    }
    return text(source, Place.FILE);
  }

  /// A JSON document: a field in quotes is part of that string, any other a JSON value.
  static Template json(String source) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder example = new StringBuilder();
    Matcher token = JSON_TOKEN.matcher(source);
    int end = 0;
    while (token.find()) {
      String text = source.substring(end, token.start());
      add(pieces, text);
      example.append(text);
      boolean quoted = inString(example);
      example.append(quoted ? "x" : "0");
      pieces.add(field(token.group(1), quoted ? Place.JSON_STRING : Place.JSON_VALUE));
      end = token.end();
    }
    add(pieces, source.substring(end));
    example.append(source, end, source.length());
    requireJson(source, example.toString());
    return new Template(source, pieces);
  }

  private static boolean inString(CharSequence json) {
    boolean in = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '\\' && in) {
        i++;
      } else if (c == '"') {
        in = !in;
      }
    }
    return in;
  }

  private static void requireJson(String source, String example) {
    try {
      Json.read(example, JsonNode.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "the body is not JSON, also when fields are put in: %s in %s"
              .formatted(e.getOriginalMessage(), source),
          e);
    }
  }

  private static List<Piece> parsed(String source, Place place) {
    List<Piece> pieces = new ArrayList<>();
    Matcher token = TOKEN.matcher(source);
    int end = 0;
    while (token.find()) {
      add(pieces, source.substring(end, token.start()));
      end = token.end();
      switch (token.group()) {
        case "{{" -> pieces.add(new Piece.Text("{"));
        case "}}" -> pieces.add(new Piece.Text("}"));
        case "{", "}" ->
            throw new IllegalArgumentException(
                "a brace without its other half at character %d of %s: write {{ or }} for the brace itself"
                    .formatted(token.start() + 1, source));
        default -> pieces.add(field(token.group(1), place));
      }
    }
    add(pieces, source.substring(end));
    return pieces;
  }

  private static void add(List<Piece> pieces, String text) {
    if (!text.isEmpty()) {
      pieces.add(new Piece.Text(text));
    }
  }

  private static Piece field(String name, Place place) {
    if (name.startsWith("env:")) {
      return new Piece.Hidden(Secret.env(name.substring(4)), place);
    }
    if (name.startsWith("file:")) {
      return new Piece.Hidden(Secret.file(Path.of(name.substring(5))), place);
    }
    return new Piece.Field(name, place);
  }

  /// What is sent for an item.
  ///
  /// @throws IllegalArgumentException if a field must not stand where it does
  /// @throws java.util.NoSuchElementException if a field is missing
  String sent(Fields fields) {
    return rendered(fields, Secret::value);
  }

  /// The same, but secrets are not to be seen.
  String shown(Fields fields) {
    return hides() ? rendered(fields, _ -> Secret.HIDDEN) : sent(fields);
  }

  private String rendered(Fields fields, Function<Secret, String> told) {
    if (pieces.size() == 1 && pieces.getFirst() instanceof Piece.Text(var text)) {
      return text;
    }
    StringBuilder rendered = new StringBuilder();
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Text(var text) -> rendered.append(text);
        case Piece.Field(var name, var place) ->
            rendered.append(
                place == Place.JSON_VALUE
                    ? fields.json(name)
                    : place.written(name, fields.text(name)));
        case Piece.Hidden(var secret, var place) ->
            rendered.append(hidden(told.apply(secret), place));
        case Piece.Basic basic -> rendered.append(basic.encoded(told.apply(basic.password())));
      }
    }
    return rendered.toString();
  }

  private static String hidden(String told, Place place) {
    if (told.equals(Secret.HIDDEN)) {
      return told;
    }
    return place == Place.JSON_VALUE ? Json.text(told) : place.written("secret", told);
  }

  /// Whether it depends on which input of which run an item is.
  boolean dependsOnRun() {
    return pieces.stream()
        .anyMatch(piece -> piece instanceof Piece.Field field && Fields.ofRuns(field.name()));
  }

  /// Whether a field stands at such a place.
  boolean hasField(Place place) {
    return pieces.stream()
        .anyMatch(piece -> piece instanceof Piece.Field field && field.place() == place);
  }

  boolean hides() {
    return pieces.stream()
        .anyMatch(piece -> piece instanceof Piece.Hidden || piece instanceof Piece.Basic);
  }

  /// Every form in which a secret is sent.
  Stream<String> secrets() {
    return pieces.stream()
        .flatMap(piece ->
            switch (piece) {
              case Piece.Hidden(var secret, var place) ->
                  Stream.of(secret.value(), hidden(secret.value(), place));
              case Piece.Basic basic ->
                  Stream.of(basic.password().value(), basic.encoded(basic.password().value()));
              case Piece.Text _, Piece.Field _ -> Stream.empty();
            });
  }

  @Override
  public String toString() {
    return source;
  }
}
