package io.fanwise.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Something nobody should see, by the place where it is kept: an environment variable or a file.
///
/// It is looked up when it is named, so that its absence shows before anything starts, and never
/// printed, written or sent to another JVM: there it is looked up again. Safe for use by many
/// threads.
public final class Secret implements Serializable {
  private static final long serialVersionUID = 1;

  /// What is shown in its place.
  static final String HIDDEN = "***";

  private enum Place {
    ENV,
    FILE
  }

  /// Where it is kept.
  private final Place place;

  /// The name of the variable, the path of the file.
  private final String name;

  private transient volatile @Nullable String value;

  private Secret(Place place, String name) {
    this.place = place;
    this.name = name;
  }

  /// The value of an environment variable.
  ///
  /// @param variable its name
  /// @return the secret
  /// @throws IllegalArgumentException if it is not set, or empty
  public static Secret env(String variable) {
    return found(new Secret(Place.ENV, requireNonNull(variable, "variable")));
  }

  /// What a file holds, without the line end that editors leave there.
  ///
  /// @param file the file
  /// @return the secret
  /// @throws IllegalArgumentException if it cannot be read, is empty or has several lines
  public static Secret file(Path file) {
    return found(new Secret(Place.FILE, file.toAbsolutePath().toString()));
  }

  private static Secret found(Secret secret) {
    secret.value();
    return secret;
  }

  /// Where it is kept: `env:TOKEN`.
  String source() {
    return switch (place) {
      case ENV -> "env:" + name;
      case FILE -> "file:" + name;
    };
  }

  String value() {
    String known = value;
    if (known == null) {
      known = sound(look());
      value = known;
    }
    return known;
  }

  private String look() {
    return switch (place) {
      case ENV -> {
        String set = System.getenv(name);
        if (set == null) {
          throw new IllegalArgumentException(
              "the environment variable %s, which holds a secret, is not set".formatted(name));
        }
        yield set;
      }
      case FILE -> {
        try {
          yield Files.readString(Path.of(name)).stripTrailing();
        } catch (IOException e) {
          throw new IllegalArgumentException(
              "the file %s, which holds a secret, cannot be read: %s".formatted(name, e), e);
        }
      }
    };
  }

  private String sound(String found) {
    if (found.isBlank()) {
      throw new IllegalArgumentException("the secret in %s is empty".formatted(source()));
    }
    if (found.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
      throw new IllegalArgumentException(
          "the secret in %s has line ends or other control characters in it".formatted(source()));
    }
    return found;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && place == secret.place && name.equals(secret.name);
  }

  @Override
  public int hashCode() {
    return 31 * place.hashCode() + name.hashCode();
  }

  /// Never the secret.
  @Override
  public String toString() {
    return HIDDEN;
  }
}
