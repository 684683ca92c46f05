package io.fanwise.cli.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// What tells the code on a class path from other code: of jars, what is packed in them, whenever
/// that was done; of folders the classes, as anything may lie there, results too.
final class CodeOnPath {
  private CodeOnPath() {}

  /// A digest of the code, in the order in which it is looked for.
  static byte[] digest(List<Path> classPath) throws IOException {
    MessageDigest digest = sha256();
    for (Path entry : classPath) {
      if (Files.isDirectory(entry)) {
        addFolder(entry, digest);
      } else {
        addJar(entry, digest);
      }
    }
    return digest.digest();
  }

  private static void addFolder(Path folder, MessageDigest digest) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> classes =
          files
              .filter(file -> file.toString().endsWith(".class") && Files.isRegularFile(file))
              .sorted()
              .toList();
      for (Path file : classes) {
        digest.update(folder.relativize(file).toString().getBytes(UTF_8));
        digest.update(Files.readAllBytes(file));
      }
    }
  }

  private static void addJar(Path file, MessageDigest digest) throws IOException {
    try (ZipFile jar = new ZipFile(file.toFile())) {
      jar.stream()
          .filter(entry -> !entry.isDirectory() && !entry.getName().equals("META-INF/MANIFEST.MF"))
          .map(CodeOnPath::told)
          .sorted()
          .forEach(entry -> digest.update(entry.getBytes(UTF_8)));
    } catch (ZipException e) {
      digest.update(Files.readAllBytes(file)); // no jar, and nothing will be loaded from it
    }
  }

  private static String told(ZipEntry entry) {
    return "%s %d %d\n".formatted(entry.getName(), entry.getSize(), entry.getCrc());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
