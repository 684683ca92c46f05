package io.fanwise.cli.exec;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What only a child started by `posix_spawn` can have, and how the spawner is chosen.
@Timeout(60)
class PosixSpawnerTest {
  private Spawner spawner;

  @BeforeEach
  void open() {
    assumeTrue(PosixSpawner.works());
    spawner = new PosixSpawner(ofSeconds(2));
  }

  @AfterEach
  void close() {
    spawner.close();
  }

  @Test
  void aProgramInheritsThreeDescriptorsAndNoMore() throws Exception {
    // the fourth is the directory ls reads
    assertThat(run("ls", "/proc/self/fd").lines()).containsExactly("0", "1", "2", "3");
  }

  @Test
  void aProgramStartsWithNoSignalBlockedAndSigpipeInForce() throws Exception {
    String status = run("cat", "/proc/self/status");

    assertThat(status).containsPattern("SigBlk:\\s+0{16}");
    long ignored =
        Long.parseUnsignedLong(status.replaceAll("(?s).*SigIgn:\\s+([0-9a-f]{16}).*", "$1"), 16);
    assertThat(ignored & 1L << (13 - 1)).isZero();
  }

  @Test
  void aProgramLeadsAGroupOfItsOwn() throws Exception {
    String[] stat = run("cat", "/proc/self/stat").split(" ", 6);

    assertThat(stat[4]).as("group").isEqualTo(stat[0]);
  }

  @Test
  void whatTheBackgroundPrintsForAMomentIsNotLost() {
    await().until(() -> run("sh", "-c", "(echo late) & echo early").contains("late"));
  }

  @Test
  void aHundredWaitingThreadsAreInterruptedTogether() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      threads.add(Thread.ofPlatform().start(this::sleepUntilInterrupted));
    }
    await().until(() -> spawner.running() == 100);

    long before = System.nanoTime();
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(System.nanoTime() - before).isLessThan(ofSeconds(20).toNanos());
    assertThat(spawner.running()).isZero();
  }

  @Test
  void interruptsThatComeAtAnyMomentLeaveNothingBehind() throws Exception {
    long before = openFiles();

    for (int i = 0; i < 300; i++) {
      var thread = Thread.ofPlatform().start(this::runUntilInterrupted);
      int rounds = i * 1_000;
      for (int round = 0; round < rounds; round++) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      thread.join();
    }
    spawner.close();

    await().untilAsserted(() -> assertThat(openFiles()).isLessThanOrEqualTo(before + 4));
    await().untilAsserted(() -> assertThat(ProcessHandle.current().children()).isEmpty());
  }

  @Test
  void aPropertyChoosesTheSpawner() {
    try {
      System.setProperty(Spawner.CHOICE, "portable");
      assertThat(Spawner.open()).isInstanceOf(PortableSpawner.class);
      System.setProperty(Spawner.CHOICE, "posix");
      assertThat(Spawner.open()).isInstanceOf(PosixSpawner.class);
      System.setProperty(Spawner.CHOICE, "vfork");
      assertThatThrownBy(Spawner::open)
          .hasMessage("system property fanwise.spawner must be posix or portable, was vfork");
    } finally {
      System.clearProperty(Spawner.CHOICE);
    }
    assertThat(Spawner.open()).isInstanceOf(PosixSpawner.class);
  }

  private void sleepUntilInterrupted() {
    assertThatThrownBy(() -> run("sleep", "100")).isInstanceOf(InterruptedException.class);
  }

  private void runUntilInterrupted() {
    try {
      while (true) {
        run("true");
      }
    } catch (InterruptedException asked) {
      // that is the end of it
    }
  }

  private String run(String... words) throws InterruptedException {
    return spawner.run(Command.of(words)).stdout().text();
  }

  private static long openFiles() throws Exception {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
