package io.fanwise;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where inputs wait for permits of their own: each key of a rate has a bucket, and a line of those
/// who found it empty. Pure arithmetic, no clock, but for the functions that name keys and weights.
///
/// Who waits in one line keeps nobody from another. Confined to the caller's thread.
final class Turnstiles {
  /// So many inputs may be read and wait for their turn.
  private static final int MOST_WAITING = 10_000;

  /// Below this, nobody looks for buckets that are full again.
  private static final int FEW_BUCKETS = 1_000;

  private final List<Rate> rates;
  private final Function<Object, Optional<Object>> unpacking;
  private final List<Map<Object, Line>> lines = new ArrayList<>();
  private final PriorityQueue<Line> due = new PriorityQueue<>();
  private int waiting;
  private int waitingForAll;
  private int buckets;
  private int tidyAt = FEW_BUCKETS;

  /// A bucket, and who found it empty, first come, first served. While somebody waits, it stands in
  /// [#due].
  private static final class Line implements Comparable<Line> {
    private final Rate rate;
    private final Rate.Bucket bucket;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long due;
    private boolean standing;

    Line(Rate rate, long now) {
      this.rate = rate;
      this.bucket = new Rate.Bucket(rate, now);
    }

    long wait(Object input, long now) {
      return bucket.untilGranted(rate.weightOf(input), now);
    }

    @Override
    public int compareTo(Line other) {
      return Long.signum(due - other.due);
    }
  }

  /// Who waits.
  ///
  /// @param entry the input as it is run
  /// @param input the input as the rates know it
  private record Waiting(Agenda.Entry entry, Object input) {}

  /// @param unpacking what rates are asked about of an input; empty if nothing is known of it
  Turnstiles(List<Rate> rates, Function<Object, Optional<Object>> unpacking) {
    this.rates = rates;
    this.unpacking = unpacking;
    rates.forEach(_ -> lines.add(new HashMap<>()));
  }

  /// Whether an input may begin: then its permits are taken. Otherwise it waits here, and overtakes
  /// nobody.
  boolean passes(Agenda.Entry entry, long now) {
    Optional<Object> known = unpacking.apply(entry.inputs().get(0));
    if (known.isEmpty()) {
      return true;
    }
    Object input = known.get();
    List<Line> stations = stations(input, now);
    for (Line station : stations) {
      if (!station.waiting.isEmpty() || station.wait(input, now) > 0) {
        join(station, new Waiting(entry, input), now);
        return false;
      }
    }
    take(stations, input, now);
    tidy(now);
    return true;
  }

  /// The next of those who wait whose turn it is; null if there is none.
  Agenda.@Nullable Entry next(long now) {
    for (Line line = due.peek(); line != null && line.due - now <= 0; line = due.peek()) {
      Waiting first = leave(line);
      Object input = first.input();
      List<Line> stations = stations(input, now);
      Line closed = closed(stations, input, now);
      if (closed == null) {
        take(stations, input, now);
      } else {
        join(closed, first, now);
      }
      comeUp(line, now);
      if (closed == null) {
        return first.entry();
      }
    }
    return null;
  }

  private List<Line> stations(Object input, long now) {
    List<Line> stations = new ArrayList<>(rates.size());
    for (int i = 0; i < rates.size(); i++) {
      Rate rate = rates.get(i);
      Map<Object, Line> byKey = lines.get(i);
      Object key = rate.keyOf(input);
      Line line = byKey.get(key);
      if (line == null) {
        line = new Line(rate, now);
        byKey.put(key, line);
        buckets++;
      }
      stations.add(line);
    }
    return stations;
  }

  private static @Nullable Line closed(List<Line> stations, Object input, long now) {
    for (Line station : stations) {
      if (station.wait(input, now) > 0) {
        return station;
      }
    }
    return null;
  }

  private static void take(List<Line> stations, Object input, long now) {
    for (Line station : stations) {
      station.bucket.grants(station.rate.weightOf(input), now);
    }
  }

  private void join(Line line, Waiting entry, long now) {
    waiting++;
    waitingForAll += line.rate.key() == null ? 1 : 0;
    line.waiting.add(entry);
    if (line.waiting.size() == 1) {
      stand(line, now);
    }
  }

  /// Takes the first of a line whose turn has come.
  private Waiting leave(Line line) {
    due.remove();
    line.standing = false;
    waiting--;
    waitingForAll -= line.rate.key() == null ? 1 : 0;
    return line.waiting.remove();
  }

  /// Whoever is first now, unless it has just come, has its turn when the bucket holds enough.
  private void comeUp(Line line, long now) {
    if (!line.waiting.isEmpty() && !line.standing) {
      stand(line, now);
    }
  }

  private void stand(Line line, long now) {
    Object first = line.waiting.element().input();
    line.due = now + Math.max(1, line.wait(first, now));
    line.standing = true;
    due.add(line);
  }

  /// Nanoseconds until it is somebody's turn.
  long untilNext(long now) {
    Line first = due.peek();
    return first == null ? Long.MAX_VALUE : Math.max(0, first.due - now);
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  /// Whether it is of no use to read on: whoever came would wait behind others, or too many wait.
  boolean full() {
    return waitingForAll > 0 || waiting >= MOST_WAITING;
  }

  /// How many buckets there are.
  int buckets() {
    return buckets;
  }

  /// Forgets buckets that are full, and so like new.
  private void tidy(long now) {
    if (buckets < tidyAt) {
      return;
    }
    buckets = 0;
    for (Map<Object, Line> byKey : lines) {
      byKey.values().removeIf(line -> line.waiting.isEmpty() && line.bucket.full(now));
      buckets += byKey.size();
    }
    tidyAt = Math.max(FEW_BUCKETS, 2 * buckets);
  }

  void clear() {
    lines.forEach(Map::clear);
    due.clear();
    waiting = 0;
    waitingForAll = 0;
  }
}
