package io.fanwise.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/// A certificate of our own for a name, as files.
///
/// @param store a PKCS 12 store with the key in it, its password `changeit`
/// @param certificate the certificate, a PEM file
/// @param key its key, a PEM file
record Certificates(Path store, Path certificate, Path key) {
  static final char[] PASSWORD = "changeit".toCharArray();

  /// @param name what it is for: `IP:127.0.0.1`, `DNS:localhost`
  static Certificates make(Path folder, String name) throws Exception {
    Path store = folder.resolve("store-" + name.hashCode() + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "it",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=fanwise test",
                    "-ext",
                    "san=" + name,
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    new String(PASSWORD)))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = load(store);
    Path certificate = folder.resolve(store.getFileName() + ".crt");
    Path key = folder.resolve(store.getFileName() + ".key");
    pem(certificate, "CERTIFICATE", keys.getCertificate("it").getEncoded());
    Key secret = keys.getKey("it", PASSWORD);
    pem(key, "PRIVATE KEY", secret.getEncoded());
    return new Certificates(store, certificate, key);
  }

  static KeyStore load(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private static void pem(Path file, String what, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, text));
  }
}
