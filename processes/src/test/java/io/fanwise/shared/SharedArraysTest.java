package io.fanwise.shared;

import static io.fanwise.shared.SharedArraysProperties.passed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What shared arrays promise within one JVM.
class SharedArraysTest {
  @TempDir Path directory;

  @Test
  void anIndexBeyondTheEndIsNamedTogetherWithTheSize() {
    try (var shared = SharedDoubles.copyOf(new double[] {1, 2, 3})) {
      assertThatThrownBy(() -> shared.get(3))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("Index 3 is out of bounds for size 3");
      assertThatThrownBy(() -> shared.get(1L << 61)) // times 8 is 0
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("Index 2,305,843,009,213,693,952 is out of bounds for size 3");
      assertThatThrownBy(() -> shared.slice(2, 4))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("Range from 2 to 4 is out of bounds for size 3");
      assertThatThrownBy(() -> shared.slice(1, 2).get(-1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aCopyCannotBeWrittenTo() {
    try (var shared = SharedInts.copyOf(new int[] {1, 2, 3})) {
      assertThatThrownBy(() -> shared.set(0, 5))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("create(size)");
      assertThatThrownBy(() -> shared.set(0, new int[] {5}))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> shared.getAndAdd(0, 5))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThat(shared.segment().isReadOnly()).isTrue();
      assertThat(shared.toArray()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void nothingCanBeDoneWithWhatIsClosed() {
    var shared = SharedLongs.create(3);
    var slice = shared.slice(1, 2);
    shared.close();
    shared.close();

    var message =
        "This shared memory of 24 bytes is closed. Close it after the last task that uses it.";
    assertThatIllegalStateException().isThrownBy(() -> shared.get(0)).withMessage(message);
    assertThatIllegalStateException().isThrownBy(() -> shared.set(0, 1)).withMessage(message);
    assertThatIllegalStateException().isThrownBy(() -> shared.getAndAdd(0, 1)).withMessage(message);
    assertThatIllegalStateException().isThrownBy(shared::toArray).withMessage(message);
    assertThatIllegalStateException().isThrownBy(shared::segment).withMessage(message);
    assertThatIllegalStateException().isThrownBy(() -> slice.get(0)).withMessage(message);
    assertThatIllegalStateException().isThrownBy(() -> passed(shared)).withMessage(message);
    assertThat(shared).hasToString("SharedLongs, closed");
  }

  @Test
  void closingWhileOthersReadEndsThemWithAClearError() throws InterruptedException {
    var shared = SharedLongs.create(100);
    var reading = new CountDownLatch(1);
    var error = new AtomicReference<Throwable>();
    Thread reader =
        Thread.ofPlatform()
            .uncaughtExceptionHandler((_, thrown) -> error.set(thrown))
            .start(() -> readForEver(shared, reading));
    reading.await();

    shared.close();
    reader.join();

    assertThat(error.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("of 800 bytes is closed");
  }

  private static void readForEver(SharedLongs shared, CountDownLatch reading) {
    for (int i = 0; shared.get(i & 63) == 0; i++) {
      reading.countDown();
    }
  }

  @Test
  void aFileThatHasGoneCannotBeOpenedElsewhere() throws IOException {
    Path file = Files.write(directory.resolve("bytes"), new byte[5]);
    Location location;
    try (var shared = SharedBytes.open(file)) {
      location = shared.span.reference().location();
    }
    Files.delete(file);

    assertThatIllegalStateException()
        .isThrownBy(() -> Block.at(location))
        .withMessageEndingWith(
            "bytes: it is not there. The file must stay where it is, and be readable by the user of this JVM.");
  }

  @Test
  void theSameMemoryArrivesInTheSameJvm() {
    try (var shared = SharedLongs.create(10);
        var arrived = passed(shared.slice(5, 10))) {
      arrived.set(0, 42);

      assertThat(shared.get(5)).isEqualTo(42);
      assertThat(arrived.segment().address() - shared.segment().address()).isEqualTo(5 * 8);
    }
  }

  @Test
  void closingASliceOrWhatArrivedLeavesTheOwnerAlone() {
    try (var shared = SharedBytes.copyOf(new byte[] {1, 2, 3})) {
      shared.slice(0, 2).close();
      passed(shared).close();

      assertThat(shared.get(2)).isEqualTo((byte) 3);
    }
  }

  @Test
  void aSegmentOutlivesTheArrayItCameFrom() {
    MemorySegment segment;
    try (var shared = SharedDoubles.copyOf(new double[] {1, 2, 3})) {
      segment = shared.slice(1, 3).segment();
    }

    assertThat(segment.toArray(ValueLayout.JAVA_DOUBLE)).containsExactly(2, 3);
  }

  @Test
  void aFileIsSharedAsItIs() throws IOException {
    Path file = directory.resolve("doubles");
    var buffer = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
    Files.write(file, buffer.putDouble(1).putDouble(2).putDouble(3).array());

    try (var shared = SharedDoubles.open(file);
        var writable = SharedDoubles.openWritable(file)) {
      writable.set(1, 5);

      assertThat(shared.toArray()).containsExactly(1, 5, 3);
      assertThat(passed(shared).get(1)).isEqualTo(5);
      assertThatThrownBy(() -> shared.set(0, 1)).isInstanceOf(UnsupportedOperationException.class);
    }
    assertThat(
            ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder()).getDouble(8))
        .isEqualTo(5);
  }

  @Test
  void aFileThatIsMissingOrOfAnotherTypeIsRefused() throws IOException {
    Path odd = Files.write(directory.resolve("odd"), new byte[13]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedDoubles.open(odd))
        .withMessageContaining("has 13 bytes, which is not a multiple of 8");
    assertThatThrownBy(() -> SharedDoubles.open(directory.resolve("none")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("none");
    assertThat(SharedBytes.open(odd).size()).isEqualTo(13);
  }

  @Test
  void manyThreadsCountTogether() {
    try (var counters = SharedLongs.create(2)) {
      long before =
          IntStream.range(0, 10_000)
              .parallel()
              .mapToLong(_ -> counters.getAndAdd(1, 2))
              .max()
              .orElseThrow();

      assertThat(counters.toArray()).containsExactly(0, 20_000);
      assertThat(before).isEqualTo(19_998);
    }
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedLongs.create(-1))
        .withMessageContaining("was -1");
    assertThatIllegalArgumentException().isThrownBy(() -> SharedLongs.create(Long.MAX_VALUE / 2));
  }

  @Test
  void whatHasRoomNowhereIsRefusedWithTheSizes() {
    assertThatThrownBy(() -> SharedLongs.create(1L << 55))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("No room for 288,230,376,151,711,744 bytes of shared memory: ")
        .hasMessageContaining(" has ");
  }

  @Test
  void moreThanTwoGigabytesAreReachedToTheLastElement() {
    long size = (1L << 31) + 10;
    Assumptions.assumeTrue(roomFor(2 * size), "room for 4 GB in /dev/shm");

    try (var shared = SharedBytes.create(size)) {
      shared.set(size - 1, (byte) 7);

      assertThat(shared.slice(size - 2, size).toArray()).containsExactly(0, 7);
      assertThat(passed(shared.slice(size - 1, size)).get(0)).isEqualTo((byte) 7);
      assertThatIllegalArgumentException()
          .isThrownBy(shared::toArray)
          .withMessageContaining("An array takes at most");
    }
  }

  private static boolean roomFor(long bytes) {
    return Path.of("/dev/shm").toFile().getUsableSpace() > bytes;
  }

  @Test
  void anInterruptedThreadDoesNotShareAndStaysInterrupted() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> SharedLongs.create(10)).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void thousandsLeaveNoDescriptorBehindClosedOrForgotten() throws IOException {
    Assumptions.assumeTrue(Descriptors.shown());
    long before = descriptors();

    for (int i = 0; i < 2000; i++) {
      try (var shared = SharedInts.copyOf(new int[] {i})) {
        assertThat(shared.get(0)).isEqualTo(i);
      }
    }
    assertThat(descriptors()).isLessThan(before + 20);

    for (int i = 0; i < 500; i++) {
      assertThat(SharedInts.copyOf(new int[] {i}).get(0)).isEqualTo(i);
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          System.gc();
          return descriptors() < before + 20;
        });
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> found = Files.list(Path.of("/proc/self/fd"))) {
      return found.count();
    }
  }

  @Test
  void sharedMemoryHasNoNameAndIsThisUsersOnly() throws IOException {
    Assumptions.assumeTrue(Descriptors.shown());
    try (var shared = SharedInts.copyOf(new int[] {1})) {
      Path path = Path.of(shared.span.reference().location().path());

      assertThat(Files.readSymbolicLink(path).toString()).endsWith(" (deleted)");
      assertThat(Files.getPosixFilePermissions(path)).hasSize(2);
    }
  }

  @Test
  void whereTheSystemShowsNoDescriptorsFilesAreKeptInADirectoryOfThisJvm() {
    var storage = new Storage(List.of(directory), Storage.Keeping.NAMED);
    Path home = directory.resolve(Kept.NAME);

    var shared = new SharedInts(Span.copyOf(storage, Element.INT, new int[] {1, 2}));
    assertThat(home).isDirectoryContaining("glob:**/fanwise-shared-*");
    assertThat(passed(shared).toArray()).containsExactly(1, 2);
    shared.close();

    assertThat(home).isEmptyDirectory();
  }

  @Test
  void whatAJvmLeftThatIsGoneIsSwept() throws IOException {
    var gone = new Owner(Owner.self().pid(), 12345); // the same number, but started at another time
    Path left = Files.createDirectory(directory.resolve(gone.name()));
    Files.write(left.resolve(gone.name() + "-1"), new byte[10]);
    Files.write(directory.resolve(gone.name() + "-2"), new byte[10]);
    Path ours = Files.createDirectory(directory.resolve(Kept.NAME));
    Path theirs = Files.createDirectory(directory.resolve("fanwise-shared-notes"));

    Kept.sweep(directory);

    try (Stream<Path> found = Files.list(directory)) {
      assertThat(found).containsExactlyInAnyOrder(ours, theirs);
    }
  }
}
