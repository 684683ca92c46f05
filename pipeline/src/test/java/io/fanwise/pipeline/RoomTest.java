package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run does while disk or heap is short.
class RoomTest {
  @TempDir Path folder;

  @Test
  void whereTooLittleIsFreeNothingIsBegunUntilThereIsRoomAgain() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeThat(ran("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString())).isTrue();
    try {
      Path filler = disk.resolve("filler");
      AtomicInteger calls = new AtomicInteger();
      AtomicReference<RunProgress> latest = new AtomicReference<>();
      Pipeline<Integer, Integer> pipeline =
          numbers(2_000)
              .<Integer>map(i -> {
                if (calls.incrementAndGet() == 100) {
                  fill(filler, 5 << 20);
                }
                Thread.sleep(2);
                return i;
              })
              .write(Sink.jsonLines(disk.resolve("answers.jsonl")))
              .leaveFree(4 << 20)
              .progress(latest::set);

      CompletableFuture<Summary> run =
          CompletableFuture.supplyAsync(() -> pipeline.run(Fan.virtualThreads(4)));
      await().until(() -> latest.get() != null && latest.get().paused().isPresent());
      await().until(() -> latest.get().running() == 0);
      int before = calls.get();
      String why = latest.get().paused().orElseThrow();
      Files.delete(filler);
      Summary summary = run.get(2, TimeUnit.MINUTES);

      assertThat(before).isLessThan(2_000);
      assertThat(why).matches("\\d MB free in " + disk);
      assertThat(summary.done()).isEqualTo(2_000);
      assertThat(latest.get().paused()).isEmpty();
    } finally {
      ran("umount", "-l", disk.toString());
    }
  }

  @Test
  void lessThanNothingCannotBeLeftFree() {
    Pipeline<Integer, Integer> pipeline = numbers(1).map(i -> i);

    assertThatThrownBy(() -> pipeline.leaveFree(-1)).hasMessageContaining("was -1");
  }

  /// A heap of 100 bytes, of which a collection leaves what the test says.
  private static final class Puppet implements HeapRoom.Collections {
    private long left;
    private long count;

    void collects(long bytes) {
      left = bytes;
      count++;
    }

    @Override
    public long inUse() {
      return 90;
    }

    @Override
    public long count() {
      return count;
    }

    @Override
    public long left() {
      return left;
    }
  }

  @Test
  void eachCollectionThatLeavesLittleHalvesWhatIsUnderWayButOneInputAlwaysIs() {
    Puppet heap = new Puppet();
    HeapRoom room = new HeapRoom(100, heap);
    AtomicLong now = new AtomicLong(System.nanoTime());

    assertThat(shortage(room, 1_000, now)).isEmpty();
    heap.collects(80);
    assertThat(shortage(room, 1_000, now)).hasValue("0 of 0 MB of the heap are in use");
    assertThat(shortage(room, 500, now)).isPresent();
    assertThat(shortage(room, 499, now)).isEmpty();
    for (int i = 0; i < 20; i++) {
      heap.collects(90);
      shortage(room, 1_000, now);
    }
    assertThat(shortage(room, 1, now)).isPresent();
    assertThat(shortage(room, 0, now)).isEmpty();
    for (int i = 0; i < 100; i++) {
      heap.collects(10);
      shortage(room, 0, now);
    }
    assertThat(shortage(room, 1_000_000_000, now)).isEmpty();
  }

  private static Optional<String> shortage(HeapRoom room, long underWay, AtomicLong now) {
    return room.shortage(underWay, now.addAndGet(TimeUnit.SECONDS.toNanos(1)));
  }

  @Test
  void resultsThatWaitForASlowOneDoNotFillTheHeap() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();

    boolean ended = program.waitFor(5, TimeUnit.MINUTES);

    assertThat(ended).isTrue();
    assertThat(program.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    assertThat(Files.readString(folder.resolve("log"))).contains("of the heap are in use");
  }

  /// Has 400 results of half a megabyte each in its window, were it not for the heap of 128 MB.
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      ConcurrentLinkedQueue<String> paused = new ConcurrentLinkedQueue<>();
      AtomicInteger calls = new AtomicInteger();
      Summary summary =
          numbers(1_000)
              .<String>map(i -> {
                int before = -1;
                while (i == 0 && calls.get() != before) { // as long as others are begun
                  before = calls.get();
                  Thread.sleep(1_000);
                }
                calls.incrementAndGet();
                return "x".repeat(500_000);
              })
              .write(Sink.lines(Path.of(args[0], "answers.txt")))
              .ordered()
              .progress(progress -> progress.paused().ifPresent(paused::add))
              .run(Fan.threads(4).batch(1));
      System.out.println(summary + " " + paused);
      System.exit(summary.done() == 1_000 ? 0 : 1);
    }
  }

  private static Feed<Integer> numbers(int count) {
    return Pipeline.read(Source.of("numbers", Range.of(0, count)));
  }

  private static void fill(Path file, int bytes) throws IOException {
    try (RandomAccessFile filler = new RandomAccessFile(file.toFile(), "rw")) {
      filler.write(new byte[bytes]);
    }
  }

  private static boolean ran(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
