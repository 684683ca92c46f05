package io.fanwise.shared;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What shared objects do, for threads of one JVM and for workers alike.
class SharedTest {

  /// How two who share an object come to it.
  enum Way {
    THREADS,
    WORKERS,
    BOTH,
    WORKER_OF_WORKER
  }

  private final List<Guest> guests = new ArrayList<>();
  private final List<Puppet> puppets = new ArrayList<>();

  private <S> S one(Way way, S shared) {
    return switch (way) {
      case THREADS -> shared;
      case WORKERS, BOTH -> guest().sees(shared);
      case WORKER_OF_WORKER -> guestOf(guest()).sees(shared);
    };
  }

  private <S> S other(Way way, S shared) {
    return way == Way.WORKERS ? guest().sees(shared) : shared;
  }

  private Guest guest() {
    var guest = new Guest("worker-" + (guests.size() + 1));
    guests.add(guest);
    return guest;
  }

  private Guest guestOf(Guest between) {
    var guest = new Guest("inner", between);
    guests.addFirst(guest);
    return guest;
  }

  private Puppet puppet() {
    var puppet = new Puppet();
    puppets.add(puppet);
    return puppet;
  }

  @AfterEach
  void allGo() throws Exception {
    puppets.forEach(Puppet::close);
    for (Guest guest : guests) {
      guest.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aCounterIsOneNumberForAll(Way way) {
    SharedCounter counter = Shared.counter();
    SharedCounter one = one(way, counter);
    SharedCounter other = other(way, counter);

    assertThat(one.increment()).isEqualTo(1);
    assertThat(other.add(41)).isEqualTo(42);
    assertThat(one.get()).isEqualTo(42);
    assertThat(other.set(7)).isEqualTo(42);
    assertThat(one.compareAndSet(8, 9)).isFalse();
    assertThat(one.compareAndSet(7, 9)).isTrue();
    assertThat(counter.get()).isEqualTo(9);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anEventLetsGoWhoWaitsForIt(Way way) throws Exception {
    SharedEvent event = Shared.event();
    SharedEvent one = one(way, event);
    SharedEvent other = other(way, event);
    assertThat(one.isSet()).isFalse();
    assertThat(one.await(ofMillis(1))).isFalse();

    var waits = puppet().starts(() -> one.await());
    waits.untilItWaitsFor(event);
    other.set();

    waits.get();
    assertThat(one.isSet()).isTrue();
    assertThat(one.await(ZERO)).isTrue();
    other.clear();
    assertThat(one.isSet()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aLatchOpensWhenItHasBeenCountedDown(Way way) throws Exception {
    SharedLatch latch = Shared.latch(2);
    SharedLatch one = one(way, latch);
    SharedLatch other = other(way, latch);

    var waits = puppet().starts(() -> one.await());
    waits.untilItWaitsFor(latch);
    other.countDown();
    assertThat(one.count()).isEqualTo(1);
    assertThat(one.await(ofMillis(1))).isFalse();
    other.countDown();

    waits.get();
    other.countDown();
    assertThat(other.count()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aLockIsHeldByOneThreadAtATimeAndByThatAsOftenAsItLikes(Way way) throws Exception {
    SharedLock lock = Shared.lock();
    SharedLock one = one(way, lock);
    SharedLock other = other(way, lock);
    var puppet = puppet();

    var holding = one.hold();
    try (var again = one.hold()) {
      assertThat(again.abandoned()).isFalse();
    }
    assertThat(puppet.starts(() -> other.tryHold(ZERO)).get()).isEmpty();
    assertThat(puppet.starts(() -> other.tryHold(ofMillis(1))).get()).isEmpty();
    var waits = puppet.starts(() -> other.hold());
    waits.untilItWaitsFor(lock);
    assertThat(one.held()).isTrue();
    holding.close();

    var next = waits.get();
    assertThat(one.tryHold(ZERO)).isEmpty();
    assertThatThrownBy(next::close)
        .isInstanceOf(IllegalMonitorStateException.class)
        .hasMessageContaining("does not hold this lock: thread ");
    puppet.starts(next::close).get();
    assertThat(one.held()).isFalse();
    one.locked(() -> assertThat(other.held()).isTrue());
    assertThat(one.held()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aSemaphoreLetsInSoManyAndWhoWantsManyIsNotOvertaken(Way way) throws Exception {
    SharedSemaphore semaphore = Shared.semaphore(3);
    SharedSemaphore one = one(way, semaphore);
    SharedSemaphore other = other(way, semaphore);

    one.acquire();
    assertThat(one.available()).isEqualTo(2);
    var wantsAll = puppet().starts(() -> other.acquire(3));
    wantsAll.untilItWaitsFor(semaphore);

    assertThat(one.tryAcquire(1, ZERO)).isFalse();
    one.release();
    wantsAll.get();
    assertThat(one.available()).isZero();
    other.release(3);
    assertThat(one.available()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aBarrierLetsAllGoOnTogetherAgainAndAgain(Way way) throws Exception {
    SharedBarrier barrier = Shared.barrier(2);
    SharedBarrier one = one(way, barrier);
    SharedBarrier other = other(way, barrier);

    for (int round = 0; round < 3; round++) {
      var waits = puppet().starts(() -> one.await());
      waits.untilItWaitsFor(barrier);
      assertThat(other.waiting()).isEqualTo(1);
      other.await();
      waits.get();
    }

    assertThatThrownBy(() -> one.await(ofMillis(1))).isInstanceOf(TimeoutException.class);
    assertThat(other.broken()).isTrue();
    assertThatThrownBy(other::await)
        .isInstanceOf(BrokenBarrierException.class)
        .hasMessageStartingWith("the barrier is broken: a party of ");
    other.reset();
    assertThat(one.broken()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aQueueGivesEachValueOnceInOrderUntilItsEnd(Way way) throws Exception {
    SharedQueue<String> queue = Shared.queue(2);
    SharedQueue<String> one = one(way, queue);
    SharedQueue<String> other = other(way, queue);

    one.put("a");
    one.put("b");
    assertThat(one.offer("c", ZERO)).isFalse();
    var waits = puppet().starts(() -> one.put("c"));
    waits.untilItWaitsFor(queue);
    assertThat(other.take()).isEqualTo("a");
    waits.get();
    assertThat(other.size()).isEqualTo(2);
    one.close();

    assertThat(other.ended()).isFalse();
    assertThat(other).containsExactly("b", "c");
    assertThat(other.ended()).isTrue();
    assertThatThrownBy(other::take).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> one.put("d"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the queue is closed, so nothing can be put into it");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whoWaitsAtAQueueGoesWhenItIsClosed(Way way) throws Exception {
    SharedQueue<Integer> queue = Shared.queue(1);
    SharedQueue<Integer> one = one(way, queue);
    assertThat(one.poll(ofMillis(1))).isEmpty();

    var taking = puppet().starts(() -> one.take());
    taking.untilItWaitsFor(queue);
    other(way, queue).close();

    assertThatThrownBy(taking::get).hasCauseInstanceOf(NoSuchElementException.class);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aPipeGoesBothWaysUntilAnEndIsClosed(Way way) throws Exception {
    SharedPipe<String> pipe = Shared.pipe();
    var first = one(way, pipe).first();
    var second = other(way, pipe).second();

    var waits = puppet().starts(() -> second.receive());
    waits.untilItWaitsFor(pipe);
    first.send("ping");
    assertThat(waits.get()).isEqualTo("ping");
    second.send("pong");
    second.send("bye");
    second.close();

    assertThat(first.poll(ofSeconds(60))).contains("pong");
    assertThat(first).containsExactly("bye");
    assertThatThrownBy(() -> first.send("x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the far end of the pipe is closed");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aMapIsOneMapForAll(Way way) {
    SharedMap<String, Integer> map = Shared.map();
    SharedMap<String, Integer> one = one(way, map);
    SharedMap<String, Integer> other = other(way, map);

    assertThat(one.put("a", 1)).isNull();
    assertThat(other.put("a", 2)).isEqualTo(1);
    assertThat(one.putIfAbsent("a", 3)).isEqualTo(2);
    assertThat(one.putIfAbsent("b", 3)).isNull();
    assertThat(other.merge("b", 4, Integer::sum)).isEqualTo(7);
    assertThat(one.computeIfAbsent("c", String::length)).isEqualTo(1);
    assertThat(one.computeIfPresent("c", (_, _) -> null)).isNull();
    assertThat(one.replace("a", 1, 5)).isFalse();
    assertThat(one.replace("a", 2, 5)).isTrue();
    assertThat(other).isEqualTo(Map.of("a", 5, "b", 7));
    assertThat(one.containsKey("c")).isFalse();
    assertThat(other.remove("b", 7)).isTrue();
    assertThat(one.keySet()).isEqualTo(Set.of("a"));
    assertThat(one.remove("a")).isEqualTo(5);
    assertThat(other).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whoWaitsCanBeInterruptedAndThenHasDoneNothing(Way way) throws Exception {
    SharedLock lock = Shared.lock();
    SharedQueue<Integer> queue = Shared.queue(1);
    SharedSemaphore semaphore = Shared.semaphore(0);
    SharedLock lockSeen = one(way, lock);
    SharedQueue<Integer> queueSeen = one(way, queue);
    SharedSemaphore semaphoreSeen = one(way, semaphore);
    var held = lock.hold();

    var locking = puppet().starts(() -> lockSeen.hold());
    var taking = puppet().starts(() -> queueSeen.take());
    var iterating = puppet().starts(() -> queueSeen.iterator().hasNext());
    var acquiring = puppet().starts(() -> semaphoreSeen.acquire());
    locking.untilItWaitsFor(lock);
    taking.untilItWaitsFor(queue);
    acquiring.untilItWaitsFor(semaphore);
    for (var each : List.of(locking, taking, acquiring, iterating)) {
      each.interrupt();
    }

    assertThatThrownBy(locking::get).hasCauseInstanceOf(InterruptedException.class);
    assertThatThrownBy(taking::get).hasCauseInstanceOf(InterruptedException.class);
    assertThatThrownBy(acquiring::get).hasCauseInstanceOf(InterruptedException.class);
    assertThatThrownBy(iterating::get).hasCauseInstanceOf(CancellationException.class);
    held.close();
    assertThat(lock.held()).isFalse();
    queue.put(1);
    assertThat(queueSeen.take()).isEqualTo(1);
    semaphore.release();
    assertThat(semaphore.available()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whoWaitsInVainForALockIsToldWhoHoldsIt(Way way) throws Exception {
    SharedLock lock = Shared.lock();
    SharedLock one = one(way, lock);
    SharedLock other = other(way, lock);
    String worker =
        switch (way) {
          case THREADS -> "this JVM";
          case WORKERS, BOTH -> "worker-1";
          case WORKER_OF_WORKER -> "inner of worker-1";
        };
    assertThat(other.holder()).isEmpty();

    var left = one.hold(); // and the task returns
    var waits = puppet().starts(() -> other.hold());
    waits.untilItWaitsFor(lock);
    waits.interrupt();

    var holder = other.holder().orElseThrow();
    assertThat(holder.worker()).isEqualTo(worker);
    assertThat(holder.thread()).isEqualTo(Thread.currentThread().threadId());
    assertThat(holder.time()).isPositive();
    assertThatThrownBy(waits::get)
        .cause()
        .isInstanceOf(InterruptedException.class)
        .message()
        .startsWith("interrupted while waiting for SharedLock ")
        .contains(": held by thread " + holder.thread() + " of " + worker + " for ")
        .endsWith(" s, 1 waiting");
    left.close();
    assertThat(other.holder()).isEmpty();
  }

  @Test
  void eachSaysWhatItIsAndHowItIs() throws Exception {
    SharedCounter counter = Shared.counter();
    counter.add(42);
    SharedEvent event = Shared.event();
    SharedLatch latch = Shared.latch(2);
    SharedLock lock = Shared.lock();
    SharedSemaphore semaphore = Shared.semaphore(3);
    semaphore.acquire(2);
    SharedQueue<String> queue = Shared.queue(5);
    queue.put("a");
    SharedPipe<String> pipe = Shared.pipe();
    pipe.first().send("a");

    assertThat(counter.toString()).matches("SharedCounter \\d+: at 42");
    assertThat(event.toString()).endsWith(": not set");
    assertThat(latch.toString()).endsWith(": 2 to come");
    assertThat(lock.toString()).endsWith(": free");
    assertThat(semaphore.toString()).endsWith(": 1 free, 2 held by this JVM");
    assertThat(Shared.barrier(3).toString()).endsWith(": 0 of 3 there");
    assertThat(queue.toString()).endsWith(": 1 of 5 in it");
    assertThat(pipe.toString()).endsWith(": under way to the first end: 0, to the second: 1");
    assertThat(pipe.second().toString()).startsWith("second end of SharedPipe ");
    event.set();
    latch.countDown();
    latch.countDown();
    queue.close();
    assertThat(event.toString()).endsWith(": set");
    assertThat(latch.toString()).endsWith(": open");
    assertThat(queue.toString()).endsWith(", closed");
    assertThat(guest().sees(counter).toString()).matches("SharedCounter \\d+ in another JVM");
  }

  /// Keys are compared by the user's own equals, which may take as long as it likes.
  @Test
  void sayingWhatItIsWaitsForNothing() throws Exception {
    SharedMap<Object, String> map = Shared.map();
    var comparing = new CountDownLatch(1);
    var compared = new CountDownLatch(1);
    Object slow =
        new Object() {
          @Override
          public int hashCode() {
            return 1;
          }

          @Override
          public boolean equals(Object other) {
            comparing.countDown();
            try {
              compared.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return other == this;
          }
        };
    map.put(1, "a");
    var puts = puppet().starts(() -> map.put(slow, "b"));
    comparing.await();

    assertThat(map.line.toString()).matches("SharedMap \\d+: in use");

    compared.countDown();
    puts.get();
    assertThat(map.line.toString()).endsWith(": 2 entries");
  }

  /// The interrupt comes at another moment each time: before, while or after the lock is handed
  /// over.
  @ParameterizedTest
  @EnumSource(Way.class)
  void anInterruptNeverLosesWhatWasHandedOver(Way way) throws Exception {
    SharedLock lock = Shared.lock();
    SharedQueue<Integer> queue = Shared.queue(1);
    SharedLock lockSeen = one(way, lock);
    SharedQueue<Integer> queueSeen = one(way, queue);
    var puppet = puppet();
    var other = puppet();

    for (int i = 0; i < 200; i++) {
      var held = lock.hold();
      var doing = puppet.starts(() -> takeWhileHolding(lockSeen, queueSeen));
      doing.untilItWaitsFor(lock);
      var interrupting = other.starts(doing::interrupt);
      held.close();
      queue.put(i);
      interrupting.get();
      try {
        assertThat(doing.get()).isEqualTo(i);
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(InterruptedException.class);
        assertThat(queue.poll(ZERO)).contains(i);
      }
      assertThat(lock.held()).isFalse();
      assertThat(queue.size()).isZero();
    }
  }

  private static int takeWhileHolding(SharedLock lock, SharedQueue<Integer> queue)
      throws InterruptedException {
    try (var holding = lock.hold()) {
      assertThat(holding.abandoned()).isFalse();
      return queue.take();
    }
  }
}
