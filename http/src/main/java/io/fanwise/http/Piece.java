package io.fanwise.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.util.Base64;

/// A part of a template. Immutable.
sealed interface Piece extends Serializable {

  /// Text as it is sent.
  ///
  /// @param text the text
  record Text(String text) implements Piece {}

  /// A field of the item.
  ///
  /// @param name its name; empty for the whole item
  /// @param place where it stands
  record Field(String name, Place place) implements Piece {}

  /// A secret.
  ///
  /// @param secret what nobody should see
  /// @param place where it stands
  record Hidden(Secret secret, Place place) implements Piece {}

  /// A user and a password, encoded together.
  ///
  /// @param user the user's name
  /// @param password the password
  record Basic(String user, Secret password) implements Piece {

    String encoded(String told) {
      return told.equals(Secret.HIDDEN)
          ? told
          : Base64.getEncoder().encodeToString((user + ":" + told).getBytes(UTF_8));
    }
  }
}
