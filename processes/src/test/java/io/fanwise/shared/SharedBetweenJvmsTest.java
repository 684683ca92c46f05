package io.fanwise.shared;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What shared arrays promise between JVMs: each of these is a real one.
class SharedBetweenJvmsTest {
  @TempDir Path directory;

  private final List<Jvm> jvms = new ArrayList<>();

  @AfterEach
  void end() throws IOException {
    for (Jvm jvm : jvms) {
      jvm.kill();
    }
  }

  @Test
  void anotherJvmReadsWhatWasShared() throws IOException {
    try (var shared = SharedDoubles.copyOf(new double[] {1, 2, 4})) {
      assertThat(jvm("sum").tell(shared)).isEqualTo("7.0");
      assertThat(jvm("sum").tell(shared.slice(1, 3))).isEqualTo("6.0");
    }
  }

  @Test
  void jvmsFillDisjointPartsAndCountTogether() throws IOException {
    try (var shared = SharedLongs.create(4)) {
      Jvm first = jvm("count", 2, 0);
      Jvm second = jvm("count", 1, 2);
      first.send(shared.slice(0, 3));
      second.send(shared.slice(1, 4));

      assertThat(first.answer()).isEqualTo("done");
      assertThat(second.answer()).isEqualTo("done");
      assertThat(shared.toArray()).containsExactly(7, 0, 20_000, 7);
    }
  }

  @Test
  void aViewElsewhereOutlivesTheOwnersClose() throws IOException {
    var shared = SharedDoubles.copyOf(new double[] {1, 2, 4});
    Jvm reader = jvm("sum-twice");
    assertThat(reader.tell(shared)).isEqualTo("7.0");

    shared.close();

    assertThat(reader.tell("again")).isEqualTo("7.0");
  }

  @Test
  void aWorkerMapsABlockOnceHoweverOftenItArrives() throws IOException {
    try (var shared = SharedLongs.create(4)) {
      Jvm other = jvm("distance");
      other.send(shared.slice(1, 2));
      other.send(shared.slice(3, 4));

      assertThat(other.answer()).isEqualTo("16");
    }
  }

  @Test
  void whatArrivedIsUnmappedOnceNobodyRefersToIt() throws IOException {
    Assumptions.assumeTrue(Descriptors.shown());
    Jvm owner = jvm("own", directory, Storage.Keeping.UNLINKED);
    Object arrived = decoded(owner.answer());
    assertThat(mappedIn(directory)).isTrue();
    assertThat(arrived).hasToString("SharedDoubles of 3");

    arrived = null;

    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> {
          System.gc();
          return !mappedIn(directory);
        });
  }

  private static boolean mappedIn(Path directory) throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains(directory.toString());
  }

  @Test
  void whatIsClosedCannotBeOpenedElsewhere() throws IOException {
    var shared = SharedDoubles.copyOf(new double[] {1, 2, 4});
    SharedReference reference = shared.span.reference();
    shared.close();

    assertThat(jvm("sum").tell(reference))
        .contains("Cannot open shared memory of 24 bytes")
        .contains(
            "it is not there. JVM "
                + ProcessHandle.current().pid()
                + ", whose it is, has closed it");
  }

  @ParameterizedTest
  @EnumSource(Storage.Keeping.class)
  void whenTheOwnerIsKilledNothingIsLeft(Storage.Keeping keeping) throws Exception {
    Assumptions.assumeTrue(Descriptors.shown());
    Set<Path> before = leftovers();
    Jvm owner = jvm("own", directory, keeping);
    SharedDoubles arrived = (SharedDoubles) decoded(owner.answer());
    String unopened = owner.answer();
    assertThat(arrived.toArray()).containsExactly(1, 2, 4);

    owner.kill();
    Kept.sweep(directory); // as the next JVM does, and of use only where files have names

    assertThat(arrived.toArray()).containsExactly(1, 2, 4);
    assertThatIllegalStateException()
        .isThrownBy(() -> decoded(unopened))
        .withMessageContaining("JVM " + owner.pid() + ", whose it was, has ended.");
    assertThat(leftovers()).isEqualTo(before);
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Storage.Keeping.class)
  void whenTheOwnerEndsWithoutClosingNothingIsLeft(Storage.Keeping keeping) throws Exception {
    Assumptions.assumeTrue(Descriptors.shown());
    Set<Path> before = leftovers();
    Jvm owner = jvm("own", directory, keeping);
    owner.answer();

    owner.tell("end");

    assertThat(owner.exit()).isZero();
    assertThat(leftovers()).isEqualTo(before);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aStoredArrayIsCopiedByEachWorkerAndFreedWithItsStore() throws IOException {
    double[] values = {1, 2, 4};
    byte[] standIn;
    try (var store = new ArrayStore(24)) {
      standIn = store.standIn(values);

      assertThat(store.standIn(values)).isEqualTo(standIn);
      assertThat(store.standIn(new double[] {1, 2})).isNull();
      assertThat(store.standIn("text")).isNull();
      assertThat(jvm("sum").tell(standIn)).isEqualTo("7.0");
      assertThat(jvm("sum").tell(standIn)).isEqualTo("7.0");
    }

    assertThat(jvm("sum").tell(standIn)).contains("has closed it");
  }

  @Test
  void anArrayThatHasRoomNowhereTravelsAsItIs() throws IOException, InterruptedException {
    var storage = tinyTmpfs(Storage.Keeping.UNLINKED, directory);
    try (var store = new ArrayStore(storage, 1)) {
      assertThat(store.standIn(new byte[100_000])).isNotNull();
      assertThat(store.standIn(new byte[1_000_000])).isNull();
    } finally {
      run("umount", directory.toString());
    }
  }

  @Test
  void aFullDirectoryIsAnErrorAtCreateAndTheNextOneIsTaken(@TempDir Path second)
      throws IOException, InterruptedException {
    var storage = tinyTmpfs(Storage.Keeping.UNLINKED, directory);
    try {
      assertThatThrownBy(() -> Span.create(storage, Element.LONG, 1_000_000))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("No room for 8,000,000 bytes")
          .hasMessageContaining(directory.toString());

      var both = new Storage(List.of(directory, second), Storage.Keeping.UNLINKED);
      Span span = Span.create(both, Element.LONG, 1_000_000);
      assertThat(Files.readSymbolicLink(Path.of(span.block().location().path())).toString())
          .startsWith(second.toString());
      span.close();

      // as when others fill it after it was asked for its room
      assertThatThrownBy(() -> storage.store(Access.WRITE, new Overfull()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("No space left");
      assertThat(directory).isEmptyDirectory();
    } finally {
      run("umount", directory.toString());
    }
  }

  /// More than it says.
  private record Overfull() implements Content {
    @Override
    public long bytes() {
      return 1;
    }

    @Override
    public void copyTo(long from, MemorySegment part) {}

    @Override
    public void writeTo(FileChannel channel) throws IOException {
      for (int i = 0; i < 3; i++) {
        channel.write(ByteBuffer.allocateDirect(400_000));
      }
    }
  }

  private static Storage tinyTmpfs(Storage.Keeping keeping, Path directory)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", directory.toString()) == 0,
        "may mount a small tmpfs");
    return new Storage(List.of(directory), keeping);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static Set<Path> leftovers() throws IOException {
    try (Stream<Path> memory = Files.list(Path.of("/dev/shm"));
        Stream<Path> temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return Stream.concat(memory, temporary)
          .filter(path -> path.getFileName().toString().startsWith(Owner.PREFIX))
          .collect(Collectors.toSet());
    }
  }

  private Jvm jvm(Object... arguments) throws IOException {
    var jvm = new Jvm(arguments);
    jvms.add(jvm);
    return jvm;
  }

  /// Another JVM, which gets objects and answers lines.
  private static final class Jvm {
    private final Process process;
    private final PrintStream out;
    private final BufferedReader in;

    Jvm(Object... arguments) throws IOException {
      var command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Peer.class.getName()));
      for (Object argument : arguments) {
        command.add(argument.toString());
      }
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      out = new PrintStream(process.getOutputStream(), true, US_ASCII);
      in = process.inputReader(US_ASCII);
    }

    void send(Object message) throws IOException {
      out.println(encoded(message));
    }

    String answer() throws IOException {
      return in.readLine();
    }

    String tell(Object message) throws IOException {
      send(message);
      return answer();
    }

    long pid() {
      return process.pid();
    }

    int exit() throws InterruptedException {
      return process.waitFor();
    }

    void kill() throws IOException {
      process.destroyForcibly();
      await().atMost(60, TimeUnit.SECONDS).until(() -> !process.isAlive());
    }
  }

  /// What runs in the other JVM.
  static final class Peer {
    private Peer() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
      try (var in = new BufferedReader(new InputStreamReader(System.in, US_ASCII))) {
        switch (arguments[0]) {
          case "sum" -> System.out.println(sum(in.readLine()));
          case "sum-twice" -> {
            var doubles = (SharedDoubles) decoded(in.readLine());
            System.out.println(doubles.stream().sum());
            in.readLine();
            System.out.println(doubles.stream().sum());
          }
          case "distance" -> {
            var first = (SharedLongs) decoded(in.readLine());
            var second = (SharedLongs) decoded(in.readLine());
            System.out.println(second.segment().address() - first.segment().address());
          }
          case "count" -> {
            var longs = (SharedLongs) decoded(in.readLine());
            int counter = Integer.parseInt(arguments[1]);
            IntStream.range(0, 10_000).forEach(_ -> longs.getAndAdd(counter, 1));
            longs.set(Integer.parseInt(arguments[2]), 7);
            System.out.println("done");
          }
          case "own" -> {
            var storage =
                new Storage(List.of(Path.of(arguments[1])), Storage.Keeping.valueOf(arguments[2]));
            var first =
                new SharedDoubles(Span.copyOf(storage, Element.DOUBLE, new double[] {1, 2, 4}));
            var second = new SharedDoubles(Span.create(storage, Element.DOUBLE, 5));
            System.out.println(encoded(first));
            System.out.println(encoded(second));
            System.out.println(in.readLine());
            System.out.println(first.get(0) + second.get(0));
          }
          default -> throw new IllegalArgumentException(arguments[0]);
        }
      }
    }

    private static String sum(String message) {
      try {
        Object value = decoded(message);
        double[] values =
            value instanceof SharedDoubles shared
                ? shared.toArray()
                : (double[]) ArrayStore.restore(value);
        return String.valueOf(Arrays.stream(values).sum());
      } catch (IllegalStateException | IOException e) {
        return e.toString();
      }
    }
  }

  private static String encoded(Object value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static Object decoded(String text) throws IOException {
    try (var in =
        new ObjectInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
      return in.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
  }
}
