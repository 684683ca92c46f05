package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.shared.SharedDoubles;
import io.fanwise.shared.SharedLock;
import io.fanwise.shared.SharedPipe;
import io.fanwise.shared.SharedQueue;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A task in a worker JVM that starts a JVM of its own: what is shared reaches that too.
@Timeout(120)
class NestedSharingTest {
  private static final Fan FAN = Fan.on(Processes.of(1));

  @Test
  void whatAProcessOfAWorkerHeldIsReleasedWhenItDies() throws Exception {
    SharedLock lock = Shared.lock();

    List<Integer> codes =
        FAN.map(
            List.of(1),
            _ -> {
              try (var process = JvmProcess.start(() -> diesHolding(lock))) {
                process.join();
                return process.exitCode().orElseThrow();
              }
            });

    assertThat(codes).containsExactly(9);
    try (var holding = lock.tryHold(Duration.ofSeconds(60)).orElseThrow()) {
      assertThat(holding.abandoned()).isTrue();
    }
  }

  private static int diesHolding(SharedLock lock) throws InterruptedException {
    try (var holding = lock.hold()) {
      Runtime.getRuntime().halt(holding.abandoned() ? 8 : 9);
      return 0;
    }
  }

  @Test
  void processesOfWorkersUseWhatIsShared() {
    SharedCounter counter = Shared.counter();

    try (var values = SharedDoubles.copyOf(new double[] {1, 2, 4})) {
      List<Double> found =
          FAN.map(
              List.of(1, 2),
              i -> {
                try (var process = JvmProcess.start(() -> values.get(counter.add(i) - i))) {
                  return process.result();
                }
              });

      assertThat(found).containsExactly(1.0, 2.0);
      assertThat(counter.get()).isEqualTo(3);
    }
  }

  @Test
  void whoWaitsThereGoesOnWhenSomethingComes() throws Exception {
    SharedPipe<String> pipe = Shared.pipe();
    var far = pipe.second();

    try (var process = JvmProcess.start(() -> asksFromFurtherAway(far))) {
      assertThat(pipe.first().receive()).isEqualTo("ready");
      pipe.first().send("go");

      assertThat(process.result()).isEqualTo("went");
      assertThat(pipe.first().receive()).isEqualTo("gone");
    }
  }

  private static String asksFromFurtherAway(SharedPipe.End<String> far) {
    try (var process =
        JvmProcess.start(() -> {
          far.send("ready");
          String said = far.receive();
          far.send(said + "ne");
          return "went";
        })) {
      return process.result();
    }
  }

  @Test
  void whatIsMadeThereIsReachedFromEverywhere() throws Exception {
    SharedQueue<SharedCounter> made = Shared.queue(1);
    SharedQueue<Long> told = Shared.queue(1);

    try (var process = JvmProcess.start(() -> makesFurtherAway(made, told))) {
      SharedCounter counter = made.poll(Duration.ofSeconds(60)).orElseThrow();
      counter.add(41);
      told.put(1L);

      assertThat(process.result()).isEqualTo(42);
    }
  }

  private static long makesFurtherAway(SharedQueue<SharedCounter> made, SharedQueue<Long> told) {
    try (var process =
        JvmProcess.start(() -> {
          SharedCounter counter = Shared.counter();
          made.put(counter);
          return counter.add(told.take());
        })) {
      return process.result();
    }
  }
}
