package io.fanwise.http;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whom to trust, and who we are. Immutable.
public final class Tls implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Tls STANDARD = new Tls(Trust.JDK, null, null, null);

  /// Whose certificates are good.
  enum Trust {
    JDK,
    FILE,
    ANYBODY
  }

  /// Whose certificates are good.
  private final Trust trust;

  /// Those we trust, a PEM file; null for those of the JDK.
  private final @Nullable String authorities;

  /// Who we are, a PEM file; null for nobody.
  private final @Nullable String chain;

  /// The key to that, a PEM file.
  private final @Nullable String key;

  private Tls(
      Trust trust, @Nullable String authorities, @Nullable String chain, @Nullable String key) {
    this.trust = trust;
    this.authorities = authorities;
    this.chain = chain;
    this.key = key;
  }

  /// Trusts whom the JDK trusts.
  ///
  /// @return the settings of a task that says nothing else
  public static Tls standard() {
    return STANDARD;
  }

  /// Trusts these certificates, and no others.
  ///
  /// @param certificates a PEM file
  /// @return a copy
  public Tls trusting(Path certificates) {
    return new Tls(Trust.FILE, readable(certificates), chain, key);
  }

  /// Trusts anybody who answers, whatever name they have: for tests of one's own servers.
  ///
  /// @return a copy
  public Tls insecure() {
    return new Tls(Trust.ANYBODY, null, chain, key);
  }

  /// Shows a certificate to servers that ask for one.
  ///
  /// @param certificates the certificate and those who vouch for it, a PEM file
  /// @param privateKey its key, a PEM file without password (PKCS 8)
  /// @return a copy
  public Tls certificate(Path certificates, Path privateKey) {
    return new Tls(trust, authorities, readable(certificates), readable(privateKey));
  }

  private static String readable(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("cannot read the PEM file " + file);
    }
    return file.toAbsolutePath().toString();
  }

  Trust trust() {
    return trust;
  }

  Optional<Path> authorities() {
    return Optional.ofNullable(authorities).map(Path::of);
  }

  Optional<Path> chain() {
    return Optional.ofNullable(chain).map(Path::of);
  }

  Optional<Path> key() {
    return Optional.ofNullable(key).map(Path::of);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tls tls && toString().equals(tls.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /// The files, never what is in them.
  @Override
  public String toString() {
    String who = trust == Trust.FILE ? String.valueOf(authorities) : trust.name();
    return chain == null ? "trusts " + who : "trusts %s, is %s by %s".formatted(who, chain, key);
  }
}
