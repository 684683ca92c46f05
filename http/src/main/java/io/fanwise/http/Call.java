package io.fanwise.http;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request, ready to be sent. Immutable, as far as the body is left alone.
///
/// @param method GET and the like
/// @param url where to
/// @param shown the same for people, without secrets
/// @param headers what is sent beside the body
/// @param body what is sent; null for nothing
/// @param repeatable whether sending it twice does no harm
record Call(
    String method,
    String url,
    String shown,
    List<Header> headers,
    @Nullable Body body,
    boolean repeatable) {

  /// A header of a request.
  ///
  /// @param name its name
  /// @param value its value
  /// @param secret whether it is for this host only
  record Header(String name, String value, boolean secret) {}

  /// The body of a request.
  ///
  /// @param bytes what is sent
  /// @param secret whether it is for this host only
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Body(byte[] bytes, boolean secret) {}

  URI uri() {
    return URI.create(url);
  }

  /// For messages: `GET https://…`.
  @Override
  public String toString() {
    return method + " " + shown;
  }
}
