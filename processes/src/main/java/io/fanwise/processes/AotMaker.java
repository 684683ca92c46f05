package io.fanwise.processes;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes an [AotCache] in the background, when this JVM has had workers for a while: a JVM is
/// started that [rehearses][io.fanwise.processes.worker.Rehearsal] what a worker does, and writes
/// down what it needed for that.
///
/// It takes a second or two of one processor, at the lowest priority. One is made at a time on this
/// host, for the lock is with the system and goes with the process that has it; a file has its name
/// when it is whole. Safe for use by many threads.
final class AotMaker {
  /// Programs that are over sooner are not bothered with it.
  private static final Duration SETTLED = Duration.ofSeconds(5);

  /// What makes one is stuck if it takes longer, see adr/0014.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// Others than the last used are deleted: each is 15 MB, and belongs to one build of one JDK.
  private static final int KEPT = 4;

  /// Files under construction, and marks of refusal, that are older belong to nobody.
  private static final Duration FORGOTTEN = Duration.ofDays(7);

  private static final String PART = AotCache.ENDING + ".part";

  /// Those that were thought of already. Guarded by itself.
  private static final Set<Path> PLANNED = new HashSet<>();

  private AotMaker() {}

  /// Has a cache made, later.
  static void plan(AotCache cache) {
    synchronized (PLANNED) {
      if (!PLANNED.add(cache.file())) {
        return;
      }
    }
    Thread thread = new Thread(null, () -> makeLater(cache), "fan-processes-aot", 0, false);
    thread.setDaemon(true);
    thread.start();
  }

  private static void makeLater(AotCache cache) {
    try {
      Thread.sleep(SETTLED);
      make(cache);
    } catch (IOException e) {
      // a directory that cannot be written to: it works without
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Makes a cache, unless it is there, or somebody is making one.
  static synchronized void make(AotCache cache) throws IOException, InterruptedException {
    Path directory = Objects.requireNonNull(cache.file().toAbsolutePath().getParent());
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("aot.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      if (lock == null || Files.exists(cache.file()) || cache.isRefused()) {
        return;
      }
      sweep(directory);
      Path part = Files.createTempFile(directory, "worker-", PART);
      try {
        if (rehearse(cache, part)) {
          Files.move(part, cache.file(), StandardCopyOption.ATOMIC_MOVE);
        } else {
          cache.refuse();
        }
      } finally {
        Files.deleteIfExists(part);
        Files.deleteIfExists(Path.of(part + ".config"));
      }
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another class loader has this class, too
    }
  }

  private static boolean rehearse(AotCache cache, Path part)
      throws IOException, InterruptedException {
    Session session = Session.current();
    Path directory = Files.createTempDirectory(session.directory(), "r");
    Path log = directory.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command(cache, part, directory))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeAll(CommandLine.VARIABLES);
    Process process = builder.start();
    Thread end = new Thread(null, process::destroyForcibly, "fan-processes-aot-end", 0, false);
    try {
      Runtime.getRuntime().addShutdownHook(end);
      process.getOutputStream().close();
      boolean over = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      Runtime.getRuntime().removeShutdownHook(end);
      return over && process.exitValue() == 0 && Files.size(part) > 0;
    } catch (IllegalStateException e) {
      throw new IOException("this JVM ends", e);
    } finally {
      process.destroyForcibly();
      Leftovers.delete(directory);
    }
  }

  private static List<String> command(AotCache cache, Path part, Path directory) {
    List<String> command = new ArrayList<>();
    Path nice = Path.of("/usr/bin/nice");
    if (Files.isExecutable(nice)) {
      command.addAll(List.of(nice.toString(), "-n", "19"));
    }
    command.add(Command.java());
    command.add("-XX:+UseG1GC"); // a cache made under another one has no objects in it
    command.add("-Xmx128m");
    command.add("-XX:-UsePerfData");
    command.add("-XX:AOTCacheOutput=" + part);
    command.add("-Xlog:disable");
    command.add("-Xlog:all=error:stderr");
    command.addAll(cache.options());
    command.add("-Dfanwise.worker=rehearsal");
    command.add("-cp");
    command.add(cache.jar().toString()); // nothing of the user's
    command.add("io.fanwise.processes.worker.Rehearsal");
    command.add(directory.toString());
    command.add(Long.toString(ProcessHandle.current().pid()));
    return command;
  }

  /// Deletes what earlier versions of whatever left behind.
  private static void sweep(Path directory) throws IOException {
    List<Path> caches = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "worker-*")) {
      for (Path file : all) {
        String name = file.getFileName().toString();
        if (name.endsWith(AotCache.ENDING)) {
          caches.add(file);
        } else if (!name.endsWith(".jar") && isForgotten(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
    caches.sort(Comparator.comparing(AotMaker::time).reversed());
    for (int i = KEPT - 1; i < caches.size(); i++) {
      Files.deleteIfExists(caches.get(i));
    }
  }

  private static boolean isForgotten(Path file) {
    return time(file).isBefore(Instant.now().minus(FORGOTTEN));
  }

  private static Instant time(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.MAX; // gone
    }
  }
}
