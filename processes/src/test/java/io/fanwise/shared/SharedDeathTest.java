package io.fanwise.shared;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/// What shared objects promise when a worker dies.
class SharedDeathTest {
  private final Guest victim = new Guest("victim");
  private final Guest survivor = new Guest("survivor");
  private final List<Puppet> puppets = new ArrayList<>();

  private Puppet puppet() {
    var puppet = new Puppet();
    puppets.add(puppet);
    return puppet;
  }

  @AfterEach
  void allGo() throws Exception {
    puppets.forEach(Puppet::close);
    victim.close();
    survivor.close();
  }

  @Test
  void aLockIsReleasedAndTheNextHolderIsToldOnce() throws Exception {
    SharedLock lock = Shared.lock();
    victim.sees(lock).hold();
    victim.sees(lock).hold();
    var waits = puppet().starts(() -> holdAndRelease(survivor.sees(lock)));
    waits.untilItWaitsFor(lock);

    victim.dies();

    assertThat(waits.get()).as("abandoned").isTrue();
    assertThat(holdAndRelease(lock)).as("abandoned").isFalse();
  }

  @Test
  void aLockIsNotGivenToWhoDiedWaitingForIt() throws Exception {
    SharedLock lock = Shared.lock();
    var held = lock.hold();
    var dead = puppet().starts(() -> victim.sees(lock).hold());
    dead.untilItWaitsFor(lock);

    victim.dies();
    held.close();

    assertThat(lock.held()).isFalse();
    assertThat(holdAndRelease(survivor.sees(lock))).as("abandoned").isFalse();
    assertThatThrownBy(dead::get).isInstanceOf(ExecutionException.class);
  }

  @Test
  void aWorkerOfAWorkerDiesAloneOrWithThatWorker() throws Exception {
    SharedLock first = Shared.lock();
    SharedLock second = Shared.lock();
    SharedLock third = Shared.lock();
    try (var inner = new Guest("inner", victim);
        var other = new Guest("other", victim)) {
      inner.sees(first).hold();
      other.sees(second).hold();
      victim.sees(third).hold();
      assertThat(inner.sees(second).tryHold(ZERO))
          .as("the same thread, but not the same worker")
          .isEmpty();

      inner.dies();
      assertThat(holdAndRelease(survivor.sees(first))).as("abandoned").isTrue();
      assertThat(second.held()).isTrue();
      assertThat(third.held()).isTrue();

      victim.dies();
      assertThat(holdAndRelease(second)).as("abandoned").isTrue();
      assertThat(holdAndRelease(third)).as("abandoned").isTrue();
      assertThatThrownBy(() -> other.sees(second).held()).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void whatIsSaidForAWorkerOfAWorkerThatIsGoneIsNotDone() throws Exception {
    SharedLock lock = Shared.lock();
    SharedCounter counter = Shared.counter();
    victim.peer.guestIsGone(7, true);

    var late = new Actor(victim.peer.guest(7, "late"), 1);
    var call = new Call(Verb.ACQUIRE, late, Line.FOREVER);

    assertThat(Home.HERE.find(Guest.reference(lock).id()).start(call)).isTrue();
    assertThat(call.stage()).isEqualTo(Call.Stage.CANCELLED);
    assertThat(lock.held()).isFalse();
    assertThat(victim.sees(counter).increment()).isEqualTo(1);
  }

  @Test
  void permitsAreReturnedAndTheLineMovesUp() throws Exception {
    SharedSemaphore semaphore = Shared.semaphore(3);
    victim.sees(semaphore).acquire(2);
    var dead = puppet().starts(() -> victim.sees(semaphore).acquire(2));
    dead.untilItWaitsFor(semaphore);
    var waits = puppet().starts(() -> survivor.sees(semaphore).acquire(3));
    Resident resident = Home.HERE.find(Guest.reference(semaphore).id());
    await().until(() -> resident.waiting() == 2);

    victim.dies();

    waits.get();
    assertThat(semaphore.available()).isZero();
    survivor.sees(semaphore).release(3);
    assertThat(semaphore.available()).isEqualTo(3);
  }

  @Test
  void aBarrierBreaksForWhoWaitsAndSaysWhy() throws Exception {
    SharedBarrier barrier = Shared.barrier(3);
    var dead = puppet().starts(() -> victim.sees(barrier).await());
    dead.untilItWaitsFor(barrier);
    var waits = puppet().starts(() -> survivor.sees(barrier).await());
    await().until(() -> barrier.waiting() == 2);

    victim.dies();

    assertThatThrownBy(waits::get)
        .hasCauseInstanceOf(BrokenBarrierException.class)
        .hasMessageContaining("victim");
    assertThat(barrier.broken()).isTrue();
  }

  @Test
  void aBarrierBreaksWhenAWorkerDiesBetweenRoundsButNotWhenItLeaves() throws Exception {
    SharedBarrier left = Shared.barrier(1);
    SharedBarrier lost = Shared.barrier(1);
    survivor.sees(left).await();
    victim.sees(lost).await();

    survivor.peer.leave();
    victim.dies();

    left.await();
    assertThatThrownBy(lost::await)
        .isInstanceOf(BrokenBarrierException.class)
        .hasMessage("the barrier is broken: victim is lost");
    lost.reset();
    lost.await();
  }

  @Test
  void aQueueKeepsWhatADeadWorkerPutInAndGivesItNothingMore() throws Exception {
    SharedQueue<String> queue = Shared.queue(2);
    victim.sees(queue).put("a");
    var taking = puppet().starts(() -> takeTwoMore(victim.sees(queue)));
    taking.untilItWaitsFor(queue);

    victim.dies();
    queue.put("b");

    assertThat(survivor.sees(queue).take()).isEqualTo("b");
    assertThatThrownBy(taking::get).hasCauseInstanceOf(UncheckedIOException.class);
  }

  @Test
  void whatADeadWorkerWasAboutToPutInIsNotInTheQueue() throws Exception {
    SharedQueue<String> queue = Shared.queue(1);
    queue.put("first");
    var putting = puppet().starts(() -> victim.sees(queue).put("never"));
    putting.untilItWaitsFor(queue);

    victim.dies();

    assertThat(queue.take()).isEqualTo("first");
    assertThat(survivor.sees(queue).poll(ZERO)).isEmpty();
  }

  @Test
  void aPipeEndsAfterWhatWasSent() throws Exception {
    SharedPipe<String> pipe = Shared.pipe();
    victim.sees(pipe).second().send("last words");
    var near = survivor.sees(pipe).first();

    victim.dies();

    assertThat(near.receive()).isEqualTo("last words");
    assertThatThrownBy(near::receive).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> near.send("hello?")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whoWaitsAtAPipeLearnsThatItHasEnded() throws Exception {
    SharedPipe<String> pipe = Shared.pipe();
    victim.sees(pipe).second().poll(ZERO);
    var waits = puppet().starts(() -> pipe.first().receive());
    waits.untilItWaitsFor(pipe);

    victim.dies();

    assertThatThrownBy(waits::get).hasCauseInstanceOf(NoSuchElementException.class);
  }

  @Test
  void whatADeadWorkerCountedAndSetAndStoredStays() throws Exception {
    SharedCounter counter = Shared.counter();
    SharedEvent event = Shared.event();
    SharedLatch latch = Shared.latch(1);
    SharedMap<String, List<Integer>> map = Shared.map();
    victim.sees(counter).add(5);
    victim.sees(event).set();
    victim.sees(latch).countDown();
    victim.sees(map).put("k", List.of(1, 2));

    victim.dies();

    assertThat(counter.get()).isEqualTo(5);
    event.await();
    latch.await();
    assertThat(survivor.sees(map)).containsEntry("k", List.of(1, 2));
  }

  @Test
  void aWorkerThatDiesInAFunctionOfAMapHasChangedNothing() {
    SharedMap<String, Integer> map = Shared.map();
    map.put("k", 1);

    SharedMap<String, Integer> seen = victim.sees(map);
    assertThatThrownBy(() -> seen.computeIfPresent("k", (_, before) -> dieWith(before)))
        .isInstanceOf(UncheckedIOException.class);

    assertThat(survivor.sees(map).merge("k", 1, Integer::sum)).isEqualTo(2);
  }

  private int dieWith(int value) {
    victim.dies();
    return value + 100;
  }

  @Test
  void whatADeadWorkerMadeIsGoneAndSaysSo() throws Exception {
    @SuppressWarnings("unchecked")
    var made = (SharedQueue<String>) victim.makes(Kind.QUEUE, 1);
    SharedQueue<String> seen = survivor.sees(made);
    made.put("x");
    assertThat(seen.take()).isEqualTo("x");

    victim.dies();
    System.gc();

    await()
        .untilAsserted(() ->
            assertThatThrownBy(seen::size)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("this shared queue is gone"));
  }

  /// The worker dies at another moment each time, whatever it is doing then.
  @RepeatedTest(60)
  void nothingStaysHeldWheneverItDies(RepetitionInfo moment) throws Exception {
    SharedLock lock = Shared.lock();
    SharedSemaphore semaphore = Shared.semaphore(2);
    SharedQueue<Integer> queue = Shared.queue(4);
    SharedLock lockSeen = victim.sees(lock);
    SharedSemaphore semaphoreSeen = victim.sees(semaphore);
    SharedQueue<Integer> queueSeen = victim.sees(queue);
    var steps = new CountDownLatch(moment.getCurrentRepetition());
    for (int i = 0; i < 3; i++) {
      puppet()
          .starts(() -> {
            while (true) {
              lockSeen.locked(() -> {
                steps.countDown();
                semaphoreSeen.acquire(2);
                steps.countDown();
                queueSeen.put(1);
                queueSeen.take();
                steps.countDown();
                semaphoreSeen.release(2);
              });
            }
          });
    }
    steps.await();

    victim.dies();

    assertThat(lock.tryHold(ZERO)).isPresent();
    assertThat(semaphore.tryAcquire(2, ZERO)).isTrue();
    assertThat(semaphore.available()).isZero();
    assertThat(queue.size()).isLessThanOrEqualTo(1);
    await().atMost(ofSeconds(30)).until(() -> victim.serving() == 0);
    assertThat(semaphore.available()).isZero();
  }

  private static boolean holdAndRelease(SharedLock lock) throws InterruptedException {
    try (var held = lock.hold()) {
      return held.abandoned();
    }
  }

  private static String takeTwoMore(SharedQueue<String> queue) throws InterruptedException {
    return queue.take() + queue.take();
  }
}
