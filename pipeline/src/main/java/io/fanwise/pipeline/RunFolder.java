package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The folder that holds the state of one run: `run.json` says what is run, `journal` how far it
/// has come, `failures.jsonl` what failed; `lock` is held by the process that is at it.
///
/// Confined to one thread at a time.
final class RunFolder implements Closeable {
  /// What this version writes, and reads.
  private static final int FORMAT = 2;

  private static final String LOCK = "lock";

  /// The folders that this process has open, and since when. Their locks must not be opened once
  /// more: closing a file gives up all locks that the process has on it.
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  private final Path folder;
  private final Path real;
  private final FileChannel lock;

  private RunFolder(Path folder, Path real, FileChannel lock) {
    this.folder = folder;
    this.real = real;
    this.lock = lock;
  }

  /// What is run. Immutable.
  ///
  /// @param format the version of the folder
  /// @param id tells the run from all others
  /// @param created when it was begun
  /// @param source what is read
  /// @param task what is done
  /// @param sinks where results go
  /// @param command what was typed to run it last
  /// @param selection which of the inputs are run
  record Settings(
      int format,
      String id,
      Instant created,
      List<String> source,
      String task,
      List<String> sinks,
      Command command,
      Selection selection) {
    Settings {
      source = List.copyOf(source);
      sinks = List.copyOf(sinks);
    }

    static Settings of(
        List<String> source,
        String task,
        List<String> sinks,
        Command command,
        Selection selection,
        Instant now) {
      return new Settings(
          FORMAT, UUID.randomUUID().toString(), now, source, task, sinks, command, selection);
    }

    Settings command(Command latest) {
      return new Settings(format, id, created, source, task, sinks, latest, selection);
    }

    /// The same run with another source or task.
    Settings changedTo(Settings now) {
      return new Settings(format, id, created, now.source, now.task, sinks, command, now.selection);
    }

    /// What is not the same in others, in words.
    List<String> differences(Settings now) {
      List<String> all = new ArrayList<>();
      differ("the source was", source, now.source, all);
      differ(
          "the inputs to run were",
          List.of(selection.toString()),
          List.of(now.selection.toString()),
          all);
      differ("the task was", List.of(task), List.of(now.task), all);
      return all;
    }

    /// That results go elsewhere, in words.
    Optional<String> otherSinks(Settings now) {
      List<String> all = new ArrayList<>();
      differ("results went", sinks, now.sinks, all);
      return all.stream().findFirst();
    }

    private static void differ(
        String what, List<String> before, List<String> now, List<String> all) {
      if (!before.equals(now)) {
        all.add("%s %s, and is now %s".formatted(what, only(before, now), only(now, before)));
      }
    }
  }

  /// What was typed. Immutable.
  ///
  /// @param folder where; empty if that is not known
  /// @param words the command and its arguments
  record Command(String folder, List<String> words) {
    static final Command UNKNOWN = new Command("", List.of());

    Command {
      words = List.copyOf(words);
    }
  }

  /// The lines that others have not.
  private static String only(List<String> lines, List<String> others) {
    List<String> own = new ArrayList<>(lines);
    own.removeAll(others);
    return own.isEmpty() ? "without that, or in another order" : String.join(", ", own);
  }

  /// Opens a folder, which is made if it is not there, for this process alone.
  ///
  /// @throws RunRefused if it is in use, by another process or by another run of this one
  static RunFolder open(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path real = folder.toRealPath();
    String holder = "process %d since %s".formatted(ProcessHandle.current().pid(), Instant.now());
    String other = HELD.putIfAbsent(real, holder);
    if (other != null) {
      throw inUse(folder, other);
    }
    try {
      return new RunFolder(folder, real, locked(folder, holder));
    } catch (Throwable e) {
      HELD.remove(real);
      throw e;
    }
  }

  private static FileChannel locked(Path folder, String holder) throws IOException {
    Path file = folder.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (tryLock(channel) == null) {
        throw inUse(folder, Files.readString(file).strip());
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((holder + System.lineSeparator()).getBytes(UTF_8)), 0);
      return channel;
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this class from another class loader
    }
  }

  private static RunRefused inUse(Path folder, String holder) {
    return new RunRefused(
        RunRefused.Reason.IN_USE,
        "%s is in use by %s".formatted(folder, holder),
        ": wait for it, or stop it");
  }

  /// What is said of the process that has a folder open, or had it when it was killed; nothing if
  /// none has.
  static String holder(Path folder) throws IOException {
    Path lock = folder.resolve(LOCK);
    if (!Files.exists(lock)) {
      return "";
    }
    String own = HELD.get(folder.toRealPath());
    return own == null ? Files.readString(lock, UTF_8).strip() : own;
  }

  Path journal() {
    return folder.resolve("journal");
  }

  /// Whether nothing has been committed yet.
  boolean untouched() throws IOException {
    return !Files.exists(journal()) || Files.size(journal()) == 0;
  }

  Path failures() {
    return folder.resolve("failures.jsonl");
  }

  /// The results that are kept for equal inputs.
  Path kept() {
    return folder.resolve("distinct.results");
  }

  /// Where each of them is, while the run is at work.
  Path index() {
    return folder.resolve("distinct.index");
  }

  Path path() {
    return folder;
  }

  /// What is run there; null if nothing was begun.
  @Nullable Settings settings() throws IOException {
    return settings(folder);
  }

  /// What is run in a folder that somebody else may have open; null if nothing was begun.
  static @Nullable Settings settings(Path folder) throws IOException {
    Path file = folder.resolve("run.json");
    if (!Files.exists(file)) {
      return null;
    }
    Settings settings = readable(file);
    if (settings.format() != FORMAT) {
      throw new RunRefused(
          "%s was made by another version of Fanwise (format %d, this one reads %d): finish it with that"
              .formatted(folder, settings.format(), FORMAT));
    }
    return settings;
  }

  private static Settings readable(Path file) throws IOException {
    try {
      return SettingsJson.read(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new RunRefused(
          "%s is damaged, so nobody knows what is run: put it back from a copy, or start over"
              .formatted(file),
          e);
    }
  }

  /// Notes what is run.
  void settings(Settings settings, Durability durability) throws IOException {
    Path fresh = folder.resolve("run.json.new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer text = ByteBuffer.wrap(SettingsJson.bytes(settings));
      while (text.hasRemaining()) {
        channel.write(text); // of what a disk has no more room for, it writes a part
      }
      durability.force(channel);
    }
    Path file = folder.resolve("run.json");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    durability.forceFolder(file);
  }

  /// Forgets everything but the lock.
  void clear() throws IOException {
    for (String name :
        List.of(
            "run.json",
            "journal",
            "failures.jsonl",
            "progress.json",
            "distinct.results",
            "distinct.index")) {
      Files.deleteIfExists(folder.resolve(name));
    }
  }

  /// An interrupt would close the lock before it says that nobody holds it.
  @Override
  public void close() throws IOException {
    boolean interrupted = Thread.interrupted();
    try (lock) {
      lock.truncate(0);
    } finally {
      HELD.remove(real);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
