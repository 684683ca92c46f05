package io.fanwise.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a worker JVM of one kind may have loaded and linked before it starts: a file of the JDK's,
/// beside the worker's jar, that makes its start shorter, see adr/0014. Immutable.
///
/// It holds the worker's own classes, never the user's. The JVM that it was made by, the jar and
/// the options that it depends on are in its name, for the JVM itself does not notice all changes
/// (JDK-8377932). A JVM that refuses it starts more slowly than without, so then it is marked, and
/// not offered again.
///
/// ```
/// worker-1e0483a8b0ddcf5d-7a31….aot          the cache
/// worker-1e0483a8b0ddcf5d-7a31….refused      it is of no use here, or cannot be made
/// aot.lock                                   held by the one JVM that makes a cache
/// ```
///
/// @param jar the worker's jar
/// @param file where it is, or will be
/// @param options those that it depends on
record AotCache(Path jar, Path file, List<String> options) {
  static final String ENDING = ".aot";
  static final String REFUSED = ".refused";

  /// These may stand in a command line without a cache being refused, or depending on them.
  private static final List<String> HARMLESS =
      List.of(
          "-D",
          "-ea",
          "-da",
          "-esa",
          "-dsa",
          "-enableassertions",
          "-disableassertions",
          "-enablesystemassertions",
          "-disablesystemassertions",
          "-Xms",
          "-Xmn",
          "-Xss",
          "-Xlog:",
          "-Xint",
          "-XX:+UseSerialGC",
          "-XX:+UseParallelGC",
          "-XX:+UseG1GC",
          "-XX:TieredStopAtLevel=",
          "-XX:ErrorFile=",
          "-XX:+HeapDumpOnOutOfMemoryError",
          "-XX:HeapDumpPath=",
          "-XX:+EnableDynamicAgentLoading",
          "-XX:-EnableDynamicAgentLoading",
          "-XX:MaxMetaspaceSize=",
          "-XX:MaxDirectMemorySize=",
          "-XX:NativeMemoryTracking=");

  /// A cache is good for JVMs that have the same of these, and no others.
  private static final List<String> DECISIVE =
      List.of("--add-opens=", "--add-exports=", "--add-modules=", "--enable-native-access=");

  /// Among the harmless ones, but for these.
  private static final List<String> HARMFUL =
      List.of("-Djava.system.class.loader", "-Djdk.module.", "-Djava.security.manager");

  /// From here on the JVM keeps references in another form, and refuses a cache with the usual one.
  private static final long LARGE_HEAP = 32L << 30;

  /// Its time says when it was used last; more exactly than this nobody wants to know.
  private static final Duration USED = Duration.ofDays(1);

  AotCache {
    options = List.copyOf(options);
  }

  /// The cache for worker JVMs with these options, whether it is there or not.
  ///
  /// @param jar the worker's jar, where it stays
  /// @param heap their `-Xmx`; empty for the usual
  /// @param options the others
  /// @return empty if they could not use any
  static Optional<AotCache> of(Path jar, String heap, List<String> options) {
    if (!Files.isRegularFile(jar) || !isHotSpot()) {
      return Optional.empty();
    }
    if (!heap.isEmpty() && Care.bytes(heap) >= LARGE_HEAP) {
      return Optional.empty();
    }
    List<String> decisive = new ArrayList<>();
    for (String option : options) {
      if (begins(option, DECISIVE)) {
        decisive.add(option);
      } else if (!begins(option, HARMLESS) || begins(option, HARMFUL)) {
        return Optional.empty();
      }
    }
    try {
      String name = jar.getFileName().toString().replace(".jar", "");
      Path file = jar.resolveSibling(name + "-" + key(jar, heap, decisive) + ENDING);
      return Optional.of(new AotCache(jar, file, decisive));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean begins(String option, List<String> starts) {
    for (String start : starts) {
      if (option.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /// Whether this JVM has HotSpot's options.
  static boolean isHotSpot() {
    String name = System.getProperty("java.vm.name", "");
    return name.contains("OpenJDK") || name.contains("HotSpot");
  }

  /// All that a cache depends on beside the content of the jar, which is in the jar's name. Whether
  /// a heap is given counts, because of machines where the usual one is large.
  private static String key(Path jar, String heap, List<String> decisive) throws IOException {
    Path home = Path.of(System.getProperty("java.home"));
    String all =
        String.join(
            "\n",
            System.getProperty("java.vm.version", ""),
            System.getProperty("java.vm.vendor", ""),
            System.getProperty("os.arch", ""),
            home.toString(),
            stamp(home.resolve("lib").resolve("modules")),
            jar.toAbsolutePath().toString(),
            stamp(jar),
            heap.isEmpty() ? "usual heap" : "given heap",
            String.join("\n", decisive));
    return hash(all);
  }

  private static String stamp(Path file) throws IOException {
    BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
    return is.size() + " " + is.lastModifiedTime().toMillis();
  }

  /// 64 bits, FNV-1a: nobody gains anything by a collision, and the first digest of a JVM takes it
  /// milliseconds.
  private static String hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (one & 0xff)) * 0x100000001b3L;
    }
    return Long.toHexString(hash);
  }

  /// Whether a worker should be started with it.
  boolean isThere() {
    return Files.exists(file) && !isRefused();
  }

  /// Whether it is of no use.
  boolean isRefused() {
    return Files.exists(marker());
  }

  private Path marker() {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.replace(ENDING, REFUSED));
  }

  /// The option of a JVM that uses it.
  String option() {
    return "-XX:AOTCache=" + file;
  }

  /// A worker made use of it.
  void used() {
    try {
      Instant now = Instant.now();
      if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(USED))) {
        Files.setLastModifiedTime(file, FileTime.from(now));
      }
    } catch (IOException e) {
      // it is swept a little too early then
    }
  }

  /// A JVM did not want it, or it cannot be made.
  void refuse() {
    try {
      Files.writeString(marker(), "");
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // then the next one tries in vain as well
    }
  }
}
