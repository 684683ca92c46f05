package io.fanwise.http;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Hides the secrets of a request in what a service says: it may say them in its answers. It
/// travels without them, and looks them up where it is. Immutable.
///
/// @param templates what the request was made of, as far as it has secrets
record Mask(List<Template> templates) implements Serializable {

  static Mask of(Shape shape) {
    return new Mask(shape.templates().filter(Template::hides).toList());
  }

  Mask {
    templates = List.copyOf(templates);
  }

  /// Text in which no secret is to be seen.
  String hide(String text) {
    String hidden = text;
    for (String secret : secrets()) {
      hidden = hidden.replace(secret, Secret.HIDDEN);
    }
    return hidden;
  }

  /// How many characters the longest of them has.
  int longest() {
    return secrets().stream().mapToInt(String::length).max().orElse(0);
  }

  /// Whether there is nothing to hide.
  boolean isEmpty() {
    return templates.isEmpty();
  }

  /// In every form in which a service may say them; the longest first, as one may be a part of
  /// another.
  private List<String> secrets() {
    return templates.stream()
        .flatMap(Template::secrets)
        .flatMap(Mask::forms)
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  private static Stream<String> forms(String secret) {
    return Stream.of(
        secret, Place.percentEncoded(secret), Place.JSON_STRING.written("secret", secret));
  }
}
