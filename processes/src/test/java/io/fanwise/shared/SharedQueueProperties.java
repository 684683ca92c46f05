package io.fanwise.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SharedQueueProperties {

  /// Who put a value in, and as which.
  record Item(int producer, int number) implements java.io.Serializable {}

  @Property(tries = 60)
  void whateverIsPutInComesOutOnceAndInTheOrderOfWhoPutItIn(
      @ForAll @IntRange(min = 1, max = 4) int producers,
      @ForAll @IntRange(min = 1, max = 4) int consumers,
      @ForAll @IntRange(min = 1, max = 9) int capacity,
      @ForAll @IntRange(min = 0, max = 60) int count,
      @ForAll boolean workers)
      throws Exception {
    SharedQueue<Item> queue = Shared.queue(capacity);
    var guests = new ArrayList<Guest>();
    var puppets = new ArrayList<Puppet>();
    var putting = new ArrayList<Puppet.Doing<?>>();
    var taking = new ArrayList<Puppet.Doing<List<Item>>>();

    for (int i = 0; i < producers + consumers; i++) {
      var puppet = new Puppet();
      puppets.add(puppet);
      SharedQueue<Item> seen = queue;
      if (workers && i % 2 == 0) {
        var guest = new Guest("worker-" + i);
        guests.add(guest);
        seen = guest.sees(queue);
      }
      SharedQueue<Item> mine = seen;
      int producer = i;
      if (i < producers) {
        putting.add(puppet.starts(() -> putAll(mine, producer, count)));
      } else {
        taking.add(puppet.starts(() -> takeAll(mine)));
      }
    }
    for (var each : putting) {
      each.get();
    }
    queue.close();
    var all = new ArrayList<Item>();
    for (var each : taking) {
      List<Item> taken = each.get();
      all.addAll(taken);
      taken.stream()
          .collect(Collectors.groupingBy(Item::producer))
          .values()
          .forEach(one -> assertThat(one).extracting(Item::number).isSorted());
    }

    assertThat(all).hasSize(producers * count).doesNotHaveDuplicates();
    puppets.forEach(Puppet::close);
    for (Guest guest : guests) {
      guest.close();
    }
  }

  private static void putAll(SharedQueue<Item> queue, int producer, int count)
      throws InterruptedException {
    for (int number : IntStream.range(0, count).toArray()) {
      queue.put(new Item(producer, number));
    }
  }

  private static List<Item> takeAll(SharedQueue<Item> queue) {
    var taken = new ArrayList<Item>();
    queue.forEach(taken::add);
    return taken;
  }

  @Property(tries = 40)
  void noChangeOfAMapIsLost(
      @ForAll @IntRange(min = 1, max = 4) int threads, @ForAll @IntRange(max = 40) int times)
      throws Exception {
    SharedMap<String, Integer> map = Shared.map();
    map.put("k", 0);
    try (var guest = new Guest("worker")) {
      var doing = new ArrayList<Puppet.Doing<?>>();
      var puppets = new ArrayList<Puppet>();
      for (int i = 0; i < threads; i++) {
        SharedMap<String, Integer> seen = i % 2 == 0 ? guest.sees(map) : map;
        var puppet = new Puppet();
        puppets.add(puppet);
        doing.add(
            puppet.starts(() -> {
              for (int j = 0; j < times; j++) {
                seen.merge("k", 1, Integer::sum);
              }
            }));
      }
      for (var each : doing) {
        each.get();
      }
      puppets.forEach(Puppet::close);
    }

    assertThat(map).containsEntry("k", threads * times);
  }
}
