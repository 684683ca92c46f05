package io.fanwise.pipeline;

import static java.util.Objects.requireNonNull;

import io.fanwise.work.Task;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Results of functions, kept in a folder: what was computed once, for an argument of the same
/// content and by the same code, is not computed again, today or next week.
///
/// ```java
/// Memory memory = Memory.in(Path.of("cache")).limit(10L << 30);
/// Task<String, Answer> ask = memory.cache(question -> model.ask(question));
/// Fan.virtualThreads(200).map(questions, ask);
/// ```
///
/// An argument is told by what it contains: text, numbers, records, collections and arrays of them,
/// and whatever is serializable. Results are anything that can travel to a worker JVM; failures are
/// not kept. An entry that is damaged, or of a record that has other components by now, counts as
/// none.
///
/// Safe for use by many threads and by many processes, on one folder. Travels to worker JVMs.
public final class Memory implements Serializable {
  private static final long serialVersionUID = 1;

  /// One result in so many has whoever adds it look whether the folder is too large. Its key says
  /// which: a count would begin anew with every program, and many add only few.
  private static final int BETWEEN_LOOKS = 1_024;

  /// What nobody writes to for so long was left behind by a process that was killed.
  private static final Duration LEFT = Duration.ofHours(1);

  /// A result, from the folder on: its function, the first two letters of its key, its key.
  private static final Pattern RESULT =
      Pattern.compile("[^/]+/([0-9a-f]{2})/(\\1[0-9a-f]{30})\\.result");

  /// A result that is being written.
  private static final Pattern PART = Pattern.compile(RESULT.pattern() + "\\.[0-9a-f-]+\\.new");

  /// A folder of results.
  private static final Pattern SHELF = Pattern.compile("[^/]+/[0-9a-f]{2}");

  /// How much of the limit is left after room was made, so that it is not made all the time.
  private static final double KEPT = 0.9;

  /// Where results are kept.
  private final String folder;

  /// How many bytes they may have.
  private final long mostBytes;

  /// How many there may be.
  private final long mostItems;

  private Memory(String folder, long mostBytes, long mostItems) {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.mostItems = mostItems;
  }

  /// A memory in a folder, without limits.
  ///
  /// @param folder the folder; it is made when something is kept
  /// @return the memory
  public static Memory in(Path folder) {
    return new Memory(folder.toAbsolutePath().toString(), Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /// Limits how much is kept; what has not been used for longest goes first.
  ///
  /// @param bytes how many bytes the files may have, at least 1
  /// @return a copy
  public Memory limit(long bytes) {
    return new Memory(folder, positive("bytes", bytes), mostItems);
  }

  /// Limits how many results are kept; what has not been used for longest goes first.
  ///
  /// @param items how many, at least 1
  /// @return a copy
  public Memory items(long items) {
    return new Memory(folder, mostBytes, positive("items", items));
  }

  private static long positive(String what, long number) {
    if (number < 1) {
      throw new IllegalArgumentException(
          "a limit of %s must be at least 1, was %d".formatted(what, number));
    }
    return number;
  }

  /// A task that remembers its results.
  ///
  /// @param task computes what is not remembered; the same input gives the same result
  /// @return the task
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Cached<T, R> cache(Task<? super T, ? extends R> task) {
    requireNonNull(task, "task");
    return new Cached<>(this, task, CodeIdentity.of(task), input -> input, null);
  }

  /// What is kept at the moment.
  ///
  /// @return each result, in no order
  public List<Entry> entries() {
    List<Entry> all = new ArrayList<>();
    for (Path file : found(RESULT)) {
      add(file, all);
    }
    return all;
  }

  /// What the folder has of this kind. There may be files of others in it.
  private List<Path> found(Pattern kind) {
    try (Stream<Path> all = Files.walk(path(), 3)) {
      return all.filter(each -> kind.matcher(place(each)).matches()).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException) {
        return found(kind); // another process took a folder away meanwhile
      }
      throw e;
    }
  }

  /// The path of a file from the folder on.
  private String place(Path file) {
    return path().relativize(file).toString().replace(File.separatorChar, '/');
  }

  private void add(Path file, List<Entry> all) {
    Path place = path().relativize(file); // function, the key's first two letters, key
    try {
      all.add(
          new Entry(
              place.getName(0).toString(),
              place.getName(2).toString().replace(".result", ""),
              Files.size(file),
              Files.getLastModifiedTime(file).toInstant()));
    } catch (IOException e) {
      // another process took it away meanwhile
    }
  }

  /// A result that is kept. Immutable.
  ///
  /// @param function the code it was computed by
  /// @param key a digest of the argument
  /// @param bytes the size of its file
  /// @param used when it was made or used last, to the hour
  public record Entry(String function, String key, long bytes, Instant used) {}

  /// Makes room at once, if there is more than the limits allow. That happens by itself, too, now
  /// and then.
  public void reduce() {
    sweep();
    List<Entry> all = new ArrayList<>(entries());
    long bytes = all.stream().mapToLong(Entry::bytes).sum();
    long items = all.size();
    if (bytes <= mostBytes && items <= mostItems) {
      return;
    }
    all.sort(Comparator.comparing(Entry::used));
    for (Entry entry : all) {
      if (bytes <= mostBytes * KEPT && items <= mostItems * KEPT) {
        return;
      }
      delete(file(entry.function(), entry.key()));
      bytes -= entry.bytes();
      items--;
    }
  }

  /// Forgets everything. What else is in the folder stays.
  public void clear() {
    sweep();
    entries().forEach(entry -> delete(file(entry.function(), entry.key())));
    List<Path> shelves = found(SHELF);
    shelves.forEach(Memory::delete);
    shelves.stream().map(Path::getParent).distinct().forEach(Memory::delete);
    delete(path());
  }

  /// Takes away what was never finished.
  private void sweep() {
    Instant now = Clock.systemUTC().instant();
    for (Path part : found(PART)) {
      try {
        if (Files.getLastModifiedTime(part).toInstant().plus(LEFT).isBefore(now)) {
          delete(part);
        }
      } catch (IOException e) {
        // it has its name by now
      }
    }
  }

  @Override
  public String toString() {
    return "memory in " + folder;
  }

  private Path path() {
    return Path.of(folder);
  }

  private Path file(String function, String key) {
    return path().resolve(function).resolve(key.substring(0, 2)).resolve(key + ".result");
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (DirectoryNotEmptyException e) {
      // somebody keeps something there
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A task that remembers its results: it runs only for inputs it does not know. Those that are
  /// asked for by several threads at the same time are computed once.
  ///
  /// Safe for use by many threads. Travels to worker JVMs, where it counts for itself.
  ///
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public static final class Cached<T, R> implements Task<T, R> {
    private static final long serialVersionUID = 1;

    /// When a result was used is noted to so much: noting it costs more than reading it.
    private static final Duration USED = Duration.ofHours(1);

    /// File systems take 255 bytes.
    private static final int LONGEST_NAME = 150;

    private static final Map<Path, CompletableFuture<Object>> UNDER_WAY = new ConcurrentHashMap<>();

    /// Where results are kept.
    private final Memory memory;

    /// What computes them.
    private final Task<? super T, ? extends R> task;

    /// What tells the task from others.
    private final String function;

    /// What of an input counts.
    private final Key<? super T> key;

    /// How old a result may be; null for ever.
    private final @Nullable Duration longest;

    /// How often a result was remembered.
    private final LongAdder hits = new LongAdder();

    /// How often it was computed.
    private final LongAdder misses = new LongAdder();

    private Cached(
        Memory memory,
        Task<? super T, ? extends R> task,
        String function,
        Key<? super T> key,
        @Nullable Duration longest) {
      this.memory = memory;
      this.task = task;
      this.function = function;
      this.key = key;
      this.longest = longest;
    }

    /// Says what of an input counts; the rest is ignored.
    ///
    /// @param parts what counts: a list of fields, or an id
    /// @return a copy
    public Cached<T, R> key(Key<? super T> parts) {
      return new Cached<>(memory, task, function, requireNonNull(parts, "parts"), longest);
    }

    /// What of an input counts.
    ///
    /// @param <T> the type of inputs
    @FunctionalInterface
    public interface Key<T> extends Function<T, Object>, Serializable {}

    /// Says what tells the task from others, instead of its code: a model, a prompt, a service.
    ///
    /// @param words such as `prompt-3`: letters, digits, dots, minus signs
    /// @return a copy
    /// @throws IllegalArgumentException if there is anything else in it
    public Cached<T, R> version(String words) {
      if (!words.matches("[A-Za-z0-9._-]{1,100}") || words.startsWith(".")) {
        throw new IllegalArgumentException(
            "a version is 1 to 100 letters, digits, dots and minus signs, was \"%s\""
                .formatted(words));
      }
      return new Cached<>(memory, task, words, key, longest);
    }

    /// Computes anew what was computed longer ago than this.
    ///
    /// @param age how old a result may be
    /// @return a copy
    public Cached<T, R> expireAfter(Duration age) {
      if (age.isNegative() || age.isZero()) {
        throw new IllegalArgumentException("an age must be more than zero, was " + age);
      }
      return new Cached<>(memory, task, function, key, age);
    }

    /// Returns what is remembered, or computes it.
    ///
    /// @param input the input
    /// @return the result
    /// @throws Exception what the task throws
    @Override
    public R run(T input) throws Exception {
      Path file = file(input);
      Optional<R> known = known(file);
      if (known.isPresent()) {
        hits.increment();
        return known.get();
      }
      CompletableFuture<Object> mine = new CompletableFuture<>();
      CompletableFuture<Object> other = UNDER_WAY.putIfAbsent(file, mine);
      return other == null ? compute(input, file, mine) : await(input, other);
    }

    /// Whether the result for an input is remembered.
    ///
    /// @param input the input
    /// @return whether it would not be computed
    public boolean contains(T input) {
      return known(file(input)).isPresent();
    }

    /// Forgets the result for an input.
    ///
    /// @param input the input
    public void forget(T input) {
      delete(file(input));
    }

    /// How often a result was remembered, by this object in this JVM.
    ///
    /// @return the number of calls that did not run the task
    public long hits() {
      return hits.sum();
    }

    /// How often it had to be computed, by this object in this JVM.
    ///
    /// @return the number of calls that ran the task
    public long misses() {
      return misses.sum();
    }

    private Path file(T input) {
      return memory.file(name(), ContentDigest.of(key.apply(input)));
    }

    /// The function as the name of a folder: as it is, if it can be one.
    private String name() {
      String sound = function.replaceAll("[^A-Za-z0-9._#-]", "_");
      if (sound.equals(function) && sound.length() <= LONGEST_NAME) {
        return sound;
      }
      String begin = sound.substring(0, Math.min(sound.length(), LONGEST_NAME - 33));
      return begin + "#" + ContentDigest.of(function);
    }

    @SuppressWarnings("unchecked") // it was put there by the same code
    private Optional<R> known(Path file) {
      try {
        Instant now = Clock.systemUTC().instant();
        Optional<Remembered> found = Remembered.from(file, loader());
        Optional<Remembered> fresh =
            found.filter(entry -> longest == null || entry.made().plus(longest).isAfter(now));
        if (fresh.isPresent()) {
          noteUse(file, now);
        }
        return fresh.map(entry -> (R) entry.value());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void noteUse(Path file, Instant now) {
      try {
        if (Files.getLastModifiedTime(file).toInstant().plus(USED).isBefore(now)) {
          Files.setLastModifiedTime(file, FileTime.from(now));
        }
      } catch (IOException e) {
        // it is gone by now, or the folder is for reading only: the result is known all the same
      }
    }

    private ClassLoader loader() {
      ClassLoader own = task.getClass().getClassLoader();
      return own == null ? ClassLoader.getSystemClassLoader() : own;
    }

    private R compute(T input, Path file, CompletableFuture<Object> promise) throws Exception {
      try {
        Optional<R> meanwhile = known(file); // another thread was done with it just now
        if (meanwhile.isPresent()) {
          hits.increment();
          promise.complete(meanwhile.get());
          return meanwhile.get();
        }
        misses.increment();
        R result = task.run(input);
        new Remembered(result, Clock.systemUTC().instant()).writeTo(file);
        if (file.getFileName().toString().hashCode() % BETWEEN_LOOKS == 0) {
          memory.reduce();
        }
        promise.complete(result);
        return result;
      } catch (Throwable e) {
        promise.completeExceptionally(e);
        throw e;
      } finally {
        UNDER_WAY.remove(file, promise);
      }
    }

    /// Another thread is computing it; if it fails there, it is tried here.
    @SuppressWarnings("unchecked") // it is computed for the same input by the same code
    private R await(T input, CompletableFuture<Object> other) throws Exception {
      try {
        R result = (R) other.get();
        hits.increment();
        return result;
      } catch (ExecutionException | CompletionException e) {
        return run(input);
      }
    }
  }
}
