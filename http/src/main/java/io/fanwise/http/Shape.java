package io.fanwise.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What requests look like: everything that is made of an item. Immutable.
///
/// @param method GET and the like
/// @param url where to
/// @param query what is added to the URL
/// @param headers what is sent beside the body
/// @param cookies what is sent as cookies
/// @param body what is sent; null for nothing
record Shape(
    String method,
    Template url,
    List<Named> query,
    List<Named> headers,
    List<Named> cookies,
    @Nullable Template body)
    implements Serializable {
  private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
  private static final Set<String> PRIVATE =
      Set.of("authorization", "cookie", "proxy-authorization", "x-api-key", "api-key");

  /// A template by its name.
  ///
  /// @param name the name of the parameter, header or cookie
  /// @param template its value
  record Named(String name, Template template) implements Serializable {}

  Shape {
    query = List.copyOf(query);
    headers = List.copyOf(headers);
    cookies = List.copyOf(cookies);
  }

  Shape query(String name, Template template) {
    return new Shape(method, url, plus(query, name, template), headers, cookies, body);
  }

  /// The same with a header more.
  Shape header(String name, Template template) {
    if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
      throw new IllegalArgumentException("not the name of a header: " + name);
    }
    return new Shape(method, url, query, plus(headers, name, template), cookies, body);
  }

  Shape cookie(String name, Template template) {
    return new Shape(method, url, query, headers, plus(cookies, name, template), body);
  }

  /// The same with this body, of this type unless a header says another.
  Shape body(Template template, String type) {
    Shape with = new Shape(method, url, query, headers, cookies, template);
    return has("Content-Type")
        ? with
        : with.header("Content-Type", Template.text(type, Place.HEADER));
  }

  private static List<Named> plus(List<Named> some, String name, Template template) {
    List<Named> more = new ArrayList<>(some);
    more.add(new Named(name, template));
    return more;
  }

  private boolean has(String header) {
    return headers.stream().anyMatch(each -> each.name().equalsIgnoreCase(header));
  }

  /// The request for an item.
  ///
  /// @throws IllegalArgumentException if a field must not stand where it does
  /// @throws java.util.NoSuchElementException if a field is missing
  Call call(Object item, Verdicts.Repeat repeat) {
    Fields fields = new Fields(item);
    boolean hides = url.hides() || query.stream().anyMatch(each -> each.template().hides());
    String sent = Url.requireSound(url(fields, true));
    List<Call.Header> sentHeaders = new ArrayList<>(headers.size() + 1);
    for (Named each : headers) {
      boolean secret =
          each.template().hides() || PRIVATE.contains(each.name().toLowerCase(Locale.ROOT));
      sentHeaders.add(new Call.Header(each.name(), each.template().sent(fields), secret));
    }
    if (!cookies.isEmpty()) {
      sentHeaders.add(new Call.Header("Cookie", cookies(fields), true));
    }
    return new Call(
        method,
        sent,
        hides ? url(fields, false) : sent,
        sentHeaders,
        body == null ? null : new Call.Body(body.sent(fields).getBytes(UTF_8), body.hides()),
        repeat == Verdicts.Repeat.ALWAYS || REPEATABLE.contains(method) || has("Idempotency-Key"));
  }

  /// The request for an item, for people: without secrets, nor what usually is one.
  String shown(Object item) {
    Fields fields = Fields.shown(item);
    url(fields, true); // refuses what could not be sent
    StringBuilder shown = new StringBuilder(method).append(' ').append(url(fields, false));
    for (Named each : headers) {
      boolean hidden = PRIVATE.contains(each.name().toLowerCase(Locale.ROOT)) && !hides(each);
      String value = hidden ? Secret.HIDDEN : each.template().shown(fields);
      shown.append('\n').append(each.name()).append(": ").append(value);
    }
    for (Named each : cookies) {
      shown.append("\nCookie: ").append(each.name()).append('=').append(Secret.HIDDEN);
    }
    return body == null ? shown.toString() : shown + "\n\n" + body.shown(fields);
  }

  /// The host and the port of the URL for an item.
  String server(Object item) {
    return URI.create(Url.requireSound(url(Fields.shown(item), true))).getRawAuthority();
  }

  private static boolean hides(Named named) {
    return named.template().hides();
  }

  private String url(Fields fields, boolean secretsToo) {
    String base = secretsToo ? url.sent(fields) : url.shown(fields);
    if (query.isEmpty()) {
      return base;
    }
    StringBuilder whole = new StringBuilder(base);
    char separator = base.indexOf('?') < 0 ? '?' : '&';
    for (Named each : query) {
      String value = secretsToo ? each.template().sent(fields) : each.template().shown(fields);
      whole.append(separator).append(Place.percentEncoded(each.name())).append('=');
      whole.append(value.equals(Secret.HIDDEN) ? value : Place.percentEncoded(value));
      separator = '&';
    }
    return whole.toString();
  }

  private String cookies(Fields fields) {
    List<String> pairs = new ArrayList<>();
    for (Named each : cookies) {
      String value = each.template().sent(fields);
      if (value.chars().anyMatch(c -> c == ';' || c == ',' || c == '"' || c <= ' ' || c > '~')) {
        throw new IllegalArgumentException(
            "the cookie %s has characters that no cookie has".formatted(each.name()));
      }
      pairs.add(each.name() + "=" + value);
    }
    return String.join("; ", pairs);
  }

  /// Whether it depends on which input of which run an item is.
  boolean dependsOnRun() {
    return templates().anyMatch(Template::dependsOnRun);
  }

  /// All templates there are.
  Stream<Template> templates() {
    Stream<Template> named =
        Stream.of(query, headers, cookies).flatMap(List::stream).map(Named::template);
    return Stream.concat(Stream.of(url), Stream.concat(named, Stream.ofNullable(body)));
  }
}
