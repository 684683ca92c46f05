package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.spi.Workers;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where the system has not enough of something, a run says so, and leaves nothing behind.
@Timeout(180)
class ExhaustionTest {
  @TempDir private Path temp;

  /// A program that has fewer file handles left for each try than for the one before.
  static final class FewHandles {
    private static final int MOST = 24;

    private static final Deque<FileInputStream> hogs = new ArrayDeque<>();

    private FewHandles() {}

    public static void main(String[] args) throws Exception {
      Path session = warm(Path.of(args[0]));
      int failed = 0;
      int done = 0;
      for (int free = MOST; free >= 0; free -= 2) {
        hog(free);
        String failure = run();
        String other = process();
        letGo();
        if (failure.isEmpty()) {
          done++;
        } else {
          failed++;
          told(failure);
        }
        if (!other.isEmpty()) {
          told(other);
        }
        nothingIsLeft(session, free);
        works();
      }
      System.out.println(done > 0 && failed > 0 ? "all is well" : done + " and " + failed);
    }

    /// Loads what is needed, which takes handles: not what this is about.
    private static Path warm(Path temp) throws IOException {
      Path gone = Files.createDirectory(temp.resolve("gone"));
      Workers nowhere = Processes.of(2).directory(gone).start();
      Files.delete(gone);
      for (int i = 0; i < 2; i++) {
        works();
        try {
          Fan.on(nowhere).map(Range.of(0, 4), x -> x);
        } catch (IllegalStateException e) {
          told(String.valueOf(e.getMessage()));
        }
      }
      nowhere.close();
      return Session.current().directory();
    }

    private static void works() {
      String failure = run() + process();
      if (!failure.isEmpty()) {
        throw new IllegalStateException("it does not work: " + failure);
      }
    }

    /// What a run says that fails.
    private static String run() {
      try (Workers workers = Processes.of(2).start()) {
        List<Integer> results = Fan.on(workers).batch(1).map(Range.of(0, 4), i -> i);
        return results.equals(List.of(0, 1, 2, 3)) ? "" : "wrong";
      } catch (RuntimeException e) {
        return String.valueOf(e.getMessage());
      }
    }

    private static String process() {
      try (JvmProcess<Integer> one = JvmProcess.on(Processes.of(1)).captured().start(() -> 1)) {
        return one.result() == 1 ? "" : "wrong";
      } catch (RuntimeException e) {
        return String.valueOf(e.getMessage());
      }
    }

    private static void told(String failure) {
      if (!failure.contains("cannot be started")
          && !failure.contains("ended before it could begin")) {
        throw new IllegalStateException("it fails otherwise: " + failure);
      }
    }

    private static void hog(int free) throws IOException {
      try {
        while (true) {
          hogs.add(new FileInputStream("/dev/null"));
        }
      } catch (FileNotFoundException e) {
        for (int i = 0; i < free && !hogs.isEmpty(); i++) {
          hogs.remove().close();
        }
      }
    }

    private static void letGo() throws IOException {
      while (!hogs.isEmpty()) {
        hogs.remove().close();
      }
    }

    private static void nothingIsLeft(Path session, int free) throws InterruptedException {
      for (int look = 0; look < 500; look++) {
        if (ProcessHandle.current().children().findAny().isEmpty()
            && Arrays.equals(session.toFile().list(), new String[] {"s"})) {
          return;
        }
        Thread.sleep(10);
      }
      throw new IllegalStateException(
          "with "
              + free
              + " handles these are left: "
              + ProcessHandle.current().children().map(ProcessHandle::info).toList()
              + Arrays.toString(Objects.requireNonNull(session.toFile().list())));
    }
  }

  @Test
  void wantOfFileHandlesIsToldAndLeavesNothing() throws Exception {
    try (OtherProgram program =
        OtherProgram.startLimited("-n 80", temp, FewHandles.class, List.of(), temp.toString())) {
      assertThat(program.says()).isEqualTo("all is well");
      assertThat(program.process().waitFor()).isZero();
    }
    assertThat(temp).isEmptyDirectory();
  }

  /// A program that has no room left for the stack of another thread.
  static final class NoThreads {
    private NoThreads() {}

    public static void main(String[] args) throws Exception {
      Path jar = Files.writeString(Path.of(args[0]).resolve("worker-0123.jar"), "");
      AotCache cache = AotCache.of(jar, "", List.of()).orElseThrow();
      CountDownLatch end = new CountDownLatch(1);
      String said = "there were threads enough";
      for (int i = 0; i < 1000; i++) {
        Thread hog = new Thread(() -> await(end));
        try {
          hog.start();
        } catch (OutOfMemoryError e) {
          AotMaker.plan(cache);
          said = "all is well";
          break;
        }
      }
      end.countDown();
      System.out.println(said);
    }

    private static void await(CountDownLatch end) {
      try {
        end.await();
      } catch (InterruptedException e) {
        // over as well
      }
    }
  }

  @Test
  void wantOfThreadsForAnAotCacheIsNoReasonToPartWithAWorker() throws Exception {
    List<String> largeStacks = List.of("-Xss64m", "-Xmx64m", "-XX:CompressedClassSpaceSize=64m");
    try (OtherProgram program =
        OtherProgram.startLimited(
            "-v 4000000", temp, NoThreads.class, largeStacks, temp.toString())) {
      assertThat(program.output().lines()).contains("all is well");
      assertThat(program.process().waitFor()).isZero();
    }
  }
}
