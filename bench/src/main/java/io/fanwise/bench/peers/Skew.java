package io.fanwise.bench.peers;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Random;

/// Sleeps of very different length: one in a hundred, at places that are always the same, is a
/// hundred times longer than the rest.
final class Skew {
  private static final int LONG_MILLIS = 2000;
  private static final int SHORT_MILLIS = 20;
  private static final int ONE_IN = 100;

  private Skew() {}

  static int[] millis(int size) {
    int[] all = new int[size];
    Arrays.fill(all, SHORT_MILLIS);
    Random places = new Random(42);
    for (int left = size / ONE_IN; left > 0; ) {
      int place = places.nextInt(size);
      if (all[place] == SHORT_MILLIS) {
        all[place] = LONG_MILLIS;
        left--;
      }
    }
    return all;
  }

  /// How long it takes if every worker that is free takes the next one, in seconds.
  static double bound(int size, int jobs) {
    PriorityQueue<Long> free = new PriorityQueue<>();
    for (int i = 0; i < jobs; i++) {
      free.add(0L);
    }
    long end = 0;
    for (int millis : millis(size)) {
      long until = free.remove() + millis;
      end = Math.max(end, until);
      free.add(until);
    }
    return end / 1000.0;
  }

  /// Prints the bound.
  ///
  /// @param args how many sleeps, how many at the same time
  public static void main(String... args) {
    System.out.println(bound(Integer.parseInt(args[0]), Integer.parseInt(args[1])));
  }
}
