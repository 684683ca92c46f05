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

/// Makes an [AotCache] in the background: a JVM is started that
/// [rehearses][io.fanwise.processes.worker.Rehearsal] what a worker does, and writes down what it
/// needed for that. This JVM sees to it when it has had workers for a while; if it ends sooner, it
/// leaves that to a JVM that stays behind for some seconds, and has this class from the worker's
/// jar.
///
/// It takes a second or two of one processor, at the lowest priority. One is made at a time on this
/// host, for the lock is with the system and goes with the process that has it; a file has its name
/// when it is whole. Safe for use by many threads.
final class AotMaker {
  /// A program that has just started has better things to do.
  private static final Duration SETTLED = Duration.ofSeconds(5);

  /// What makes one is stuck if it takes longer, see adr/0014.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// So long it may take at most behind a program that is over.
  private static final Duration LINGERING = Duration.ofSeconds(30);

  /// So often, and after so long each time, it is looked whether that program has let go of the
  /// lock.
  private static final int LOOKS = 20;

  private static final long LOOK_MILLIS = 50;

  /// Others than the last used are deleted: each is 15 MB, and belongs to one build of one JDK.
  private static final int KEPT = 4;

  /// Jars under construction, and marks of refusal, that are older belong to nobody.
  private static final Duration FORGOTTEN = Duration.ofDays(7);

  /// Under construction by whoever has the lock; all others have been given up.
  private static final String PART = AotCache.ENDING + ".part";

  /// Those that were thought of already. Guarded by itself.
  private static final Set<AotCache> PLANNED = new HashSet<>();

  /// What comes of a rehearsal.
  private enum Result {
    MADE,
    FAILED,
    LATE
  }

  private AotMaker() {}

  /// Has a cache made, later; when this JVM ends, if there is no thread to be had for it.
  static void plan(AotCache cache) {
    synchronized (PLANNED) {
      if (!PLANNED.add(cache)) {
        return;
      }
    }
    Thread thread = new Thread(null, () -> makeLater(cache), "fan-processes-aot", 0, false);
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // of threads: whoever asks has a worker to talk to
    }
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

  /// This JVM ends: what was planned is begun by another, which does not keep anybody waiting.
  ///
  /// @param place where JVMs have their directories
  static void leave(Path place) {
    List<AotCache> wanted = new ArrayList<>();
    synchronized (PLANNED) {
      for (AotCache cache : PLANNED) {
        if (!Files.exists(cache.file()) && !cache.isRefused()) {
          wanted.add(cache);
        }
      }
    }
    if (!wanted.isEmpty()) {
      try {
        leave(place, wanted.getFirst());
      } catch (IOException e) {
        // another time
      }
    }
  }

  private static void leave(Path place, AotCache cache) throws IOException {
    List<String> command = politely();
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xmx32m");
    command.add("-XX:-UsePerfData");
    command.add("-Xlog:disable");
    command.add("-cp");
    command.add(cache.jar().toString());
    command.add(AotMaker.class.getName());
    command.add(place.toString());
    command.add(cache.jar().toString());
    command.add(cache.file().toString());
    command.addAll(cache.options());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory(cache).toFile()) // nobody's working directory is kept busy
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeAll(CommandLine.VARIABLES);
    builder.start();
  }

  /// Makes a cache for the next programs, behind one that is over.
  ///
  /// @param args where JVMs have their directories, the worker's jar, the cache, and the options
  ///   that it depends on
  /// @throws IOException if there is no room
  /// @throws InterruptedException never
  public static void main(String[] args) throws IOException, InterruptedException {
    AotCache cache =
        new AotCache(Path.of(args[1]), Path.of(args[2]), List.of(args).subList(3, args.length));
    Path place = Path.of(args[0]).resolve(Leftovers.name(ProcessHandle.current()));
    Files.createDirectory(place, Leftovers.ownerOnly());
    try {
      make(cache, place, LINGERING, LOOKS);
    } finally {
      Leftovers.delete(place);
    }
  }

  /// Makes a cache, unless it is there, or somebody is making one.
  static void make(AotCache cache) throws IOException, InterruptedException {
    make(cache, Session.current().directory(), PATIENCE, 1);
  }

  private static synchronized void make(AotCache cache, Path place, Duration patience, int looks)
      throws IOException, InterruptedException {
    Path directory = directory(cache);
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("aot.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = lock(channel, looks)) {
      if (lock == null || Files.exists(cache.file()) || cache.isRefused()) {
        return;
      }
      sweep(directory);
      Path part = Files.createTempFile(directory, "worker-", PART);
      try {
        Result result = rehearse(cache, part, place, patience);
        if (result == Result.MADE) {
          Files.move(part, cache.file(), StandardCopyOption.ATOMIC_MOVE);
        } else if (result == Result.FAILED || patience.compareTo(PATIENCE) >= 0) {
          cache.refuse(); // unless it only had too little time
        }
      } finally {
        Files.deleteIfExists(part);
        Files.deleteIfExists(Path.of(part + ".config"));
      }
    }
  }

  private static Path directory(AotCache cache) {
    return Objects.requireNonNull(cache.file().toAbsolutePath().getParent());
  }

  private static @Nullable FileLock lock(FileChannel channel, int looks)
      throws IOException, InterruptedException {
    try {
      FileLock lock = channel.tryLock();
      for (int i = 1; lock == null && i < looks; i++) {
        Thread.sleep(LOOK_MILLIS);
        lock = channel.tryLock();
      }
      return lock;
    } catch (OverlappingFileLockException e) {
      return null; // another class loader has this class, too
    }
  }

  private static Result rehearse(AotCache cache, Path part, Path place, Duration patience)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectory(place.resolve("r"));
    Path log = directory.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command(cache, part, directory))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeAll(CommandLine.VARIABLES);
    Process process = builder.start();
    Thread end = new Thread(null, () -> kill(process), "fan-processes-aot-end", 0, false);
    try {
      Runtime.getRuntime().addShutdownHook(end);
      process.getOutputStream().close();
      boolean over = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
      Runtime.getRuntime().removeShutdownHook(end);
      if (!over) {
        return Result.LATE;
      }
      return process.exitValue() == 0 && Files.size(part) > 0 ? Result.MADE : Result.FAILED;
    } catch (IllegalStateException e) {
      throw new IOException("this JVM ends", e);
    } finally {
      kill(process);
      Leftovers.delete(directory);
    }
  }

  /// With the JVM that it has write the file in the end.
  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static List<String> command(AotCache cache, Path part, Path directory) {
    List<String> command = politely();
    command.add("-XX:+UseG1GC"); // a cache made under another one has no objects in it
    command.add("-Xmx128m");
    command.add("-XX:-UsePerfData");
    command.add("-XX:AOTCacheOutput=" + part);
    command.add("-XX:ErrorFile=" + directory.resolve("hs_err"));
    command.add("-XX:ReplayDataFile=" + directory.resolve("replay"));
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

  /// A JVM that everybody else goes before.
  private static List<String> politely() {
    List<String> command = new ArrayList<>();
    Path nice = Path.of("/usr/bin/nice");
    if (Files.isExecutable(nice)) {
      command.addAll(List.of(nice.toString(), "-n", "19"));
    }
    command.add(CommandLine.java());
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
        } else if (name.contains(PART) || (!name.endsWith(".jar") && isForgotten(file))) {
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
