package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.shared.SharedDoubles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is left when a JVM that has workers is killed: nothing.
class ParentDeathTest {
  private static final int WORKERS = 2;

  @TempDir private Path temp;

  /// What the workers are at.
  enum Work {
    SPINNING {
      @Override
      void doIt() {
        while (true) {
          Thread.onSpinWait();
        }
      }
    },
    SLEEPING {
      @Override
      void doIt() throws InterruptedException {
        Thread.sleep(1_000_000);
      }
    },
    PRINTING {
      @Override
      void doIt() {
        while (true) {
          System.out.println("a line that nobody reads");
        }
      }
    },
    NOTHING {
      @Override
      void doIt() {}
    },
    LEAVING_THREADS {
      @Override
      void doIt() {
        new Thread(SPINNING::doItAnyhow).start();
      }
    };

    abstract void doIt() throws InterruptedException;

    void doItAnyhow() {
      try {
        doIt();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// A program whose workers say which processes they are, and get to work.
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) {
      Work work = Work.valueOf(args[0]);
      SharedDoubles shared = SharedDoubles.copyOf(new double[1 << 20]);
      Fan.on(Processes.of(WORKERS))
          .batch(1)
          .forEach(
              Range.of(0, WORKERS),
              i -> {
                Files.writeString(
                    Path.of(args[1], "pid" + ProcessHandle.current().pid()), "" + shared.get(i));
                while (Path.of(args[1]).toFile().list().length < WORKERS) {
                  Thread.sleep(5);
                }
                work.doIt();
              });
      System.out.println("idle");
      while (true) {
        try {
          Thread.sleep(1_000_000);
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  /// A program whose workers never get beyond their initializer.
  static final class Starting {
    private Starting() {}

    public static void main(String[] args) {
      Fan.on(
              Processes.of(WORKERS)
                  .initializer(_ -> {
                    Files.createFile(Path.of(args[0], "pid" + ProcessHandle.current().pid()));
                    Work.SPINNING.doIt();
                  }))
          .batch(1)
          .forEach(Range.of(0, WORKERS), _ -> {});
    }
  }

  private static List<Long> pids(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> Long.parseLong(file.getFileName().toString().substring("pid".length())))
          .toList();
    }
  }

  private static List<Path> filesOf(Path temp) {
    List<Path> found = new ArrayList<>();
    for (Path place : List.of(temp, Path.of("/dev/shm"))) {
      try (Stream<Path> files = Files.walk(place)) {
        files.filter(file -> !file.equals(place)).forEach(found::add);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return found;
  }

  void killedAndGone(OtherProgram program, Path here) throws Exception {
    await().until(() -> pids(here).size() == WORKERS);
    List<Long> workers = pids(here);

    Signal.KILL.sendTo(program.process().pid());

    for (long worker : workers) {
      await().until(() -> ProcessHandle.of(worker).isEmpty());
    }
    await()
        .untilAsserted(
            () -> assertThat(filesOf(temp)).noneMatch(file -> file.toString().contains("fanwise")));
    assertThat(temp).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Work.class)
  void workersGoWithTheirParentAndNothingIsLeft(Work work, @TempDir Path here) throws Exception {
    try (OtherProgram program =
        OtherProgram.start(temp, Parent.class, List.of(), work.name(), here.toString())) {
      if (work == Work.NOTHING || work == Work.LEAVING_THREADS) {
        assertThat(program.says()).isEqualTo("idle");
      }

      killedAndGone(program, here);
    }
  }

  @Test
  void workersThatAreStillStartingGoAsWell(@TempDir Path here) throws Exception {
    try (OtherProgram program =
        OtherProgram.start(temp, Starting.class, List.of(), here.toString())) {
      killedAndGone(program, here);
    }
  }

  @Test
  void theInterruptKeyDoesNotEndWorkersBeforeTheirParentSaysSo() throws Exception {
    Fan fan = Fan.on(Processes.of(1));
    long worker = fan.map(List.of(0), _ -> ProcessHandle.current().pid()).getFirst();

    List<Long> after =
        fan.map(
            List.of(1),
            _ -> {
              Signal.INT.sendTo(worker);
              return ProcessHandle.current().pid();
            });
    Signal.INT.sendTo(worker);

    assertThat(after).containsExactly(worker);
    assertThat(fan.map(List.of(2), _ -> ProcessHandle.current().pid())).containsExactly(worker);
  }

  @Test
  void whatAJvmLeftBehindThatWasKilledWithItsWorkersIsSweptByTheNext() throws Exception {
    Path left = Files.createDirectory(temp.resolve("fanwise-999999999-1"));
    Files.createFile(left.resolve("s"));
    Path living = Files.createDirectory(temp.resolve(Leftovers.name(ProcessHandle.current())));

    Leftovers.sweep(temp);

    assertThat(left).doesNotExist();
    assertThat(living).exists();
    Files.delete(living);
  }
}
