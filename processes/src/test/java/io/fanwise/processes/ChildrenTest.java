package io.fanwise.processes;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Running;
import io.fanwise.spi.Workers;
import io.fanwise.work.Outcome;
import io.fanwise.work.TaskTimedOut;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a task has started that does not end goes when its worker is lost.
class ChildrenTest {
  @TempDir private Path pids;

  /// What a task does when it has started a process.
  enum Then {
    /// It waits for it, which an interrupt ends.
    WAITS {
      @Override
      void happens(Process child) throws InterruptedException {
        child.waitFor();
      }
    },
    /// The worker sees that its interrupt is ignored, and ends.
    SPINS {
      @Override
      void happens(Process child) {
        while (true) {
          Thread.onSpinWait();
        }
      }
    },
    /// The worker sees nothing, and is killed.
    IS_SUSPENDED {
      @Override
      void happens(Process child) throws Exception {
        Signal.STOP.sendToSelf();
      }
    },
    /// It is killed by somebody else.
    IS_KILLED {
      @Override
      void happens(Process child) throws Exception {
        Signal.KILL.sendToSelf();
      }
    },
    /// It crashes.
    CRASHES {
      @Override
      void happens(Process child) throws Exception {
        Signal.SEGV.sendToSelf();
      }
    },
    /// It ends the worker as if all were well.
    EXITS {
      @Override
      void happens(Process child) {
        System.exit(0);
      }
    };

    abstract void happens(Process child) throws Exception;
  }

  /// A process that starts another and waits for it.
  private static Process child(Path pids) throws IOException {
    Process child =
        new ProcessBuilder("sh", "-c", "sleep 1000 & echo $! > $0/new; wait", pids.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path file = pids.resolve("new");
    while (!Files.exists(file) || Files.size(file) == 0) {
      Thread.onSpinWait();
    }
    String grandchild = Files.readString(file).strip();
    Files.move(file, pids.resolve(grandchild), StandardCopyOption.ATOMIC_MOVE);
    Files.createFile(pids.resolve("" + child.pid()));
    return child;
  }

  private List<Long> started() {
    return Stream.of(pids.toFile().list())
        .filter(name -> !name.equals("new"))
        .map(Long::valueOf)
        .toList();
  }

  private void noneIsLeft() {
    List<Long> all = started();
    assertThat(all).hasSize(2);
    for (long pid : all) {
      await().until(() -> ProcessHandle.of(pid).isEmpty());
    }
  }

  @AfterEach
  void tidy() {
    started().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  @ParameterizedTest
  @EnumSource(names = {"SPINS", "IS_SUSPENDED"})
  void whatAHungTaskHasStartedGoesWithItsWorker(Then then) {
    Path here = pids;
    Fan impatient = Fan.on(Processes.of(1)).timeout(ofSeconds(2), ofMillis(200));

    List<Outcome<Integer, Integer>> outcomes;
    try (Stream<Outcome<Integer, Integer>> all =
        impatient.outcomes(
            List.of(1),
            i -> {
              then.happens(child(here));
              return i;
            })) {
      outcomes = all.toList();
    }

    assertThat(outcomes)
        .singleElement()
        .satisfies(
            it -> assertThat(((Outcome.Failed<?, ?>) it).error()).isInstanceOf(TaskTimedOut.class));
    noneIsLeft();
  }

  @ParameterizedTest
  @EnumSource(names = {"IS_KILLED", "CRASHES", "EXITS"})
  void whatATaskHasStartedGoesAlsoIfItsWorkerEndsByItself(Then then, @TempDir Path logs) {
    Path here = pids;
    Fan fan = Fan.on(Processes.of(1).logs(logs));

    assertThatThrownBy(() -> fan.forEach(List.of(1), _ -> then.happens(child(here))))
        .hasCauseInstanceOf(WorkerLost.class);

    noneIsLeft();
  }

  @Test
  void whatHasLeftItsParentGoesAsWell() {
    Path here = pids;
    Fan impatient = Fan.on(Processes.of(1)).timeout(ofSeconds(1), ofMillis(200));

    assertThatThrownBy(() ->
            impatient.forEach(
                List.of(1),
                _ -> {
                  Process child = child(here);
                  child.destroyForcibly().waitFor();
                  Then.SPINS.happens(child);
                }))
        .hasCauseInstanceOf(TaskTimedOut.class);

    noneIsLeft();
  }

  @Test
  void whatATaskHasStartedLivesOnIfItsWorkerIsNotNeededAnyMore() {
    Path here = pids;
    try (Workers workers = Processes.of(1).start()) {
      Fan.on(workers).forEach(List.of(1), _ -> child(here));
    }

    assertThat(started()).hasSize(2).allMatch(pid -> ProcessHandle.of(pid).isPresent());
  }

  @Test
  void whatACancelledTaskHasStartedGoesWithItsWorkerIfItDoesNotStop() {
    Path here = pids;
    Fan fan = Fan.on(Processes.of(1)).timeout(ofHours(1), ofMillis(200));

    Running<Integer> running =
        fan.start(
            Range.of(0, 3),
            i -> {
              Then.SPINS.happens(child(here));
              return i;
            });
    await().until(() -> started().size() == 2);
    running.cancel(true);

    noneIsLeft();
  }

  @Test
  void whatAKilledProcessHasStartedGoesWithIt() {
    Path here = pids;
    JvmProcess<?> process = JvmProcess.start(() -> Then.WAITS.happens(child(here)));
    await().until(() -> started().size() == 2);

    process.kill();

    noneIsLeft();
  }

  /// A program whose worker waits for what it has started.
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) {
      Fan.on(Processes.of(1)).forEach(List.of(1), _ -> Then.WAITS.happens(child(Path.of(args[0]))));
    }
  }

  @Test
  void whatATaskHasStartedGoesWhenTheParentOfItsWorkerIsKilled(@TempDir Path temp)
      throws Exception {
    try (OtherProgram program =
        OtherProgram.start(temp, Parent.class, List.of(), pids.toString())) {
      await().until(() -> started().size() == 2);

      Signal.KILL.sendTo(program.process().pid());

      noneIsLeft();
    }
  }
}
