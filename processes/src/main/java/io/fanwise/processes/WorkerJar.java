package io.fanwise.processes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The small jar that every worker JVM is started with. It is inside our own, and is put where a
/// JVM can read it: once for each version of its content, for all JVMs of this user.
final class WorkerJar {
  private static @Nullable Path path;

  private WorkerJar() {}

  /// Where it is.
  static synchronized Path path() throws IOException {
    if (path == null) {
      path = extracted();
    }
    return path;
  }

  private static Path extracted() throws IOException {
    String digest =
        new String(resource("worker.jar.sha256").readAllBytes(), StandardCharsets.UTF_8);
    String name = "worker-" + digest.strip().substring(0, 16) + ".jar";
    try {
      Path kept = Files.createDirectories(cache()).resolve(name);
      if (!Files.exists(kept)) {
        put(kept);
      }
      return kept;
    } catch (IOException e) {
      // a home that cannot be written to: it lives as long as this JVM then
      Path kept = Session.current().directory().resolve(name);
      put(kept);
      return kept;
    }
  }

  /// Others may be doing the same: whole files only.
  private static void put(Path target) throws IOException {
    Path partial = Files.createTempFile(target.getParent(), "worker", ".part");
    try (InputStream jar = resource("worker.jar")) {
      Files.copy(jar, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream resource = WorkerJar.class.getResourceAsStream(name);
    if (resource == null) {
      throw new IOException(
          "the jar of fanwise-processes is not complete: "
              + name
              + " is missing. If it was repackaged, keep resources beside classes");
    }
    return resource;
  }

  /// Where the user's programs keep what can be made again.
  private static Path cache() {
    Map<String, String> environment = System.getenv();
    String chosen = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path home = Path.of(System.getProperty("user.home"));
    String local = environment.getOrDefault("LOCALAPPDATA", "");
    Path caches =
        !chosen.isEmpty()
            ? Path.of(chosen)
            : !local.isEmpty() ? Path.of(local) : home.resolve(".cache");
    return caches.resolve("fanwise");
  }
}
