package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/// Sums that hold whatever the numbers: rates, backoffs, batch sizes, chunks.
class ArithmeticProperties {

  @Property
  void neverMoreIsGrantedThanThePermitsAndTheBurst(
      @ForAll @LongRange(min = 1, max = 5_000) long permits,
      @ForAll @IntRange(min = 1, max = 1_000) int periodMillis,
      @ForAll @LongRange(min = 1, max = 500) long burst,
      @ForAll long seed) {
    Rate rate = new Rate(permits, Duration.ofMillis(periodMillis), burst);
    Random random = new Random(seed);
    long now = random.nextLong();
    var bucket = new Rate.Bucket(rate, now);
    List<Long> grants = new ArrayList<>();

    for (int i = 0; i < 2_000; i++) {
      now += random.nextLong(rate.period().toNanos() / permits + 2);
      int wanted = 1 + random.nextInt((int) burst);
      if (bucket.grants(wanted, now)) {
        int used = 1 + random.nextInt(wanted);
        bucket.giveBack(wanted - used);
        for (int k = 0; k < used; k++) {
          grants.add(now);
        }
      }
    }

    long period = rate.period().toNanos();
    for (int from = 0, to = 0; from < grants.size(); from++) {
      while (to < grants.size() && grants.get(to) - grants.get(from) < period) {
        to++;
      }
      assertThat(to - from).isLessThanOrEqualTo((int) (permits + burst));
    }
  }

  @Property
  void whoWaitsAsLongAsToldIsGranted(
      @ForAll @LongRange(min = 1, max = 5_000) long permits,
      @ForAll @LongRange(min = 1, max = 500) long burst,
      @ForAll @IntRange(min = 1, max = 1_000) int wanted,
      @ForAll long start) {
    Rate rate = new Rate(permits, Duration.ofSeconds(1), burst);
    var bucket = new Rate.Bucket(rate, start);
    long now = start;
    int few = (int) Math.min(wanted, burst);

    for (int i = 0; i < 20; i++) {
      long wait = bucket.untilGranted(few, now);
      assertThat(wait).isNotNegative();
      now += wait + 2; // what is lost in rounding
      assertThat(bucket.grants(few, now)).isTrue();
    }
  }

  @Property
  void aBackoffStaysBelowItsBoundWhichDoubles(
      @ForAll @LongRange(max = 10_000_000_000L) long first,
      @ForAll @LongRange(max = 100_000_000_000L) long more,
      @ForAll @IntRange(min = 1, max = 1_000) int attempts,
      @ForAll long seed) {
    Retry retry =
        Retry.times(1_000).backoff(Duration.ofNanos(first), Duration.ofNanos(first + more));

    long wait = retry.backoffNanos(attempts, new Random(seed));

    double bound = Math.min((double) first + more, first * Math.pow(2, attempts - 1));
    assertThat((double) wait).isBetween(0.0, bound);
  }

  @Example
  void aBackoffUsesAllOfItsBound() {
    Retry retry = Retry.times(9).backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
    Random random = new Random(1);

    long[] third =
        random.longs(2_000).map(seed -> retry.backoffNanos(3, new Random(seed))).toArray();

    assertThat(IntStream.range(0, 2_000).mapToLong(i -> third[i]).max().orElse(0))
        .isBetween(390_000_000L, 400_000_000L);
    assertThat(IntStream.range(0, 2_000).mapToLong(i -> third[i]).min().orElse(0))
        .isLessThan(10_000_000L);
  }

  @Property
  void aBatchGrowsAtMostEightfoldAndNeverPassesItsBounds(
      @ForAll @Size(max = 60) List<@LongRange(min = 0, max = 100_000_000) Long> nanosEach,
      @ForAll @LongRange(max = 1_000_000) long handOver) {
    BatchSizer sizer = new BatchSizer(0, handOver, BatchSizer.MOST);

    for (long nanos : nanosEach) {
      int before = sizer.size();
      sizer.ran(before, nanos * before);
      assertThat(sizer.size()).isBetween(1, Math.min(8 * before, BatchSizer.MOST));
    }
  }

  @Property
  void nearTheEndBatchesAreAShareOfWhatIsLeft(
      @ForAll @LongRange(min = 0, max = 1_000_000) long left,
      @ForAll @IntRange(min = 1, max = 64) int jobs) {
    BatchSizer sizer = grown();

    int next = sizer.next(left, jobs);

    assertThat(next).isBetween(1, sizer.size());
    boolean worthLessThanHandingOver = next * 10 <= 2_000;
    if (!worthLessThanHandingOver) {
      assertThat((long) next * jobs).isLessThanOrEqualTo(left);
    }
  }

  @Example
  void batchesOfTinyTasksGrowFromOneAndNoFurtherThanIsWorthIt() {
    BatchSizer sizer = new BatchSizer(0, 10_000, BatchSizer.MOST);
    List<Integer> sizes = new ArrayList<>();

    for (int i = 0; i < 12; i++) {
      sizes.add(sizer.next(-1, 4));
      sizer.ran(sizes.getLast(), 1_000L * sizes.getLast());
    }

    assertThat(sizes).startsWith(1, 8, 64, 500).endsWith(500, 500);
  }

  @Example
  void aSlowStartIsSoonForgotten() {
    BatchSizer sizer = new BatchSizer(0, 10_000, BatchSizer.MOST);

    sizer.ran(1, 200_000); // classes are loaded
    for (int i = 0; i < 5; i++) {
      sizer.ran(sizer.size(), 100L * sizer.size());
    }

    assertThat(sizer.size()).isGreaterThan(1_000);
  }

  @Example
  void batchesGrowUntilTheyAreWorthIt() {
    BatchSizer tiny = new BatchSizer(0, 10_000, BatchSizer.MOST);
    BatchSizer slow = new BatchSizer(0, 10_000, BatchSizer.MOST);
    BatchSizer given = new BatchSizer(7, 10_000, BatchSizer.MOST);

    tiny.ran(1, 1_000);
    slow.ran(1, 1_000_000);

    assertThat(tiny.growing()).isTrue();
    assertThat(slow.growing()).isFalse();
    assertThat(given.growing()).isFalse();
  }

  @Example
  void batchesOfFewInputsNeedNotGrowAnyFurther() {
    BatchSizer sizer = new BatchSizer(0, 10_000, BatchSizer.MOST);
    sizer.ran(1, 10_000);

    sizer.next(30, 4);

    assertThat(sizer.growing()).isFalse();
  }

  @Example
  void batchesGoStraightDownWhenTasksBecomeSlow() {
    BatchSizer sizer = grown();
    assertThat(sizer.size()).isGreaterThan(1_000);

    sizer.ran(sizer.size(), sizer.size() * 100_000_000L);

    assertThat(sizer.size()).isEqualTo(1);
  }

  @Example
  void aSizeThatWasAskedForIsKept() {
    BatchSizer sizer = new BatchSizer(7, 10_000, BatchSizer.MOST);

    sizer.ran(7, 1);
    sizer.ran(7, 1_000_000_000_000L);

    assertThat(sizer.size()).isEqualTo(7);
    assertThat(sizer.next(3, 4)).isEqualTo(7);
  }

  @Property(tries = 200)
  void fewLongTasksAmongManyTinyOnesMakeNoLongTail(
      @ForAll @IntRange(min = 1, max = 20_000) int inputs,
      @ForAll @IntRange(min = 1, max = 16) int jobs,
      @ForAll @IntRange(min = 2, max = 1_000) int oneOf,
      @ForAll @IntRange(min = 1, max = 10_000) int timesLonger,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] micros = random.doubles(inputs).map(x -> x * oneOf < 1 ? timesLonger : 1).toArray();
    double all = Arrays.stream(micros).sum();
    double longest = Arrays.stream(micros).max().orElse(0);

    double took = Schedule.micros(micros, jobs);

    assertThat(took).isLessThan(2 * all / jobs + 5 * longest + 20 * Schedule.HAND_OVER_MICROS);
  }

  /// When workers that never tire would be done, if the sizes of batches were all that mattered.
  private static final class Schedule {
    static final double HAND_OVER_MICROS = 50;

    /// A batch that is being run, or waits for a worker.
    private record Sent(double end, int size, double micros) {}

    static double micros(double[] each, int jobs) {
      var sizer = new BatchSizer(0, (long) (HAND_OVER_MICROS * 1_000), BatchSizer.MOST);
      var running = new PriorityQueue<Sent>(Comparator.comparingDouble(Sent::end));
      var waiting = new ArrayDeque<Sent>();
      double now = 0;
      for (int read = 0; read < each.length || !running.isEmpty(); ) {
        int most = sizer.growing() ? jobs : 3 * jobs;
        while (read < each.length && running.size() + waiting.size() < most) {
          int size = Math.min(sizer.next(each.length - read, jobs), each.length - read);
          double work = Arrays.stream(each, read, read + size).sum();
          waiting.add(new Sent(0, size, work));
          read += size;
        }
        while (running.size() < jobs && !waiting.isEmpty()) {
          Sent next = waiting.remove();
          running.add(new Sent(now + HAND_OVER_MICROS + next.micros(), next.size(), next.micros()));
        }
        Sent home = running.remove();
        now = home.end();
        sizer.ran(home.size(), (long) (home.micros() * 1_000));
      }
      return now;
    }
  }

  @Example
  void whereNothingIsHandedOverThereAreNoBatches() {
    BatchSizer sizer = new BatchSizer(0, 0, BatchSizer.MOST);

    sizer.ran(1, 1);

    assertThat(sizer.next(-1, 1)).isEqualTo(1);
  }

  @Property
  void contiguousChunksAreTheListCutUp(
      @ForAll @Size(max = 100) List<Integer> list,
      @ForAll @IntRange(min = 1, max = 120) int chunks) {
    List<List<Integer>> parts = Chunks.contiguous(list, chunks);

    assertThat(parts).hasSize(Math.min(chunks, list.size())).noneMatch(List::isEmpty);
    assertThat(parts.stream().flatMap(List::stream).toList()).isEqualTo(list);
    assertSizesDifferByOneAtMost(parts);
  }

  @Property
  void roundRobinChunksDealOutEveryElement(
      @ForAll @Size(max = 100) List<Integer> list,
      @ForAll @IntRange(min = 1, max = 120) int chunks) {
    List<List<Integer>> parts = Chunks.roundRobin(list, chunks);

    assertThat(parts).hasSize(Math.min(chunks, list.size())).noneMatch(List::isEmpty);
    for (int i = 0; i < list.size(); i++) {
      assertThat(parts.get(i % parts.size()).get(i / parts.size())).isEqualTo(list.get(i));
    }
    assertThat(parts.stream().mapToInt(List::size).sum()).isEqualTo(list.size());
    assertSizesDifferByOneAtMost(parts);
  }

  @Property
  void jobsAreNeverLessThanOne(
      @ForAll int jobs, @ForAll @IntRange(min = 1, max = 1_024) int cores) {
    if (jobs != 0) {
      assertThat(Jobs.count(jobs, cores)).isBetween(1, Math.max(jobs, cores));
    }
  }

  private static void assertSizesDifferByOneAtMost(List<List<Integer>> parts) {
    int most = parts.stream().mapToInt(List::size).max().orElse(0);
    int least = parts.stream().mapToInt(List::size).min().orElse(0);
    assertThat(most - least).isLessThanOrEqualTo(1);
  }

  private static BatchSizer grown() {
    BatchSizer sizer = new BatchSizer(0, 10_000, BatchSizer.MOST);
    for (int i = 0; i < 20; i++) {
      sizer.ran(sizer.size(), 10L * sizer.size());
    }
    return sizer;
  }
}
