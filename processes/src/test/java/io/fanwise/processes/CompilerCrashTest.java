package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fanwise.Fan;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A JVM that crashes while it compiles writes down what it was compiling.
@Timeout(120)
class CompilerCrashTest {
  /// A compiler may be done in the very moment in which it is hit; then there is nothing to write.
  /// That happens in three cases of eight.
  private static final int TRIES = 20;

  /// Seen running so often in turn, it is more than just awake.
  private static final int LOOKS = 10;

  private static final int SEGV = 11;
  private static final Path THREADS = Path.of("/proc/self/task");

  @TempDir private Path logs;
  @TempDir private Path work;

  /// Strikes a compiler of this JVM that is at work.
  @SuppressWarnings("restricted") // there is nothing in the JDK that signals a thread
  private static void crash() throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle kill =
        linker.downcallHandle(
            linker.defaultLookup().find("kill").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    Thread busy = new Thread(CompilerCrashTest::work);
    busy.setDaemon(true);
    busy.start();
    int looks = 0;
    while (true) {
      for (String thread : THREADS.toFile().list()) {
        String stat = stat(thread);
        if (stat.contains("(C2 CompilerThre)")) {
          looks = stat.contains(") R") ? looks + 1 : 0;
          if (looks >= LOOKS) {
            var _ = (int) kill.invokeExact(Integer.parseInt(thread), SEGV);
          }
        }
      }
    }
  }

  /// Has something to be compiled.
  private static void work() {
    for (int i = 0; ; i++) {
      String text = String.format("%d %s %f %x", i, "a" + i, i * 0.5, i);
      if (Pattern.compile("(a|b)*?" + i).matcher(text).matches()) {
        throw new IllegalStateException(text);
      }
    }
  }

  private static String stat(String thread) throws IOException {
    try {
      return Files.readString(THREADS.resolve(thread).resolve("stat"));
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static List<String> in(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void whatItWasCompilingIsKeptBesideItsReportAndNotWhereItWorks() throws IOException {
    assumeTrue(Files.isDirectory(THREADS));
    Fan fan = Fan.on(Processes.of(1).logs(logs).directory(work));

    for (int i = 0; i < TRIES && in(logs).stream().noneMatch(it -> it.contains("replay")); i++) {
      assertThatThrownBy(() ->
              fan.forEach(
                  List.of(1),
                  _ -> {
                    try {
                      crash();
                    } catch (Throwable e) {
                      throw new IllegalStateException(e);
                    }
                  }))
          .hasCauseInstanceOf(WorkerLost.class)
          .hasMessageContaining("the JVM's report is " + logs);
    }

    assertThat(in(logs)).anyMatch(name -> name.matches("fanwise_replay_pid[0-9]+\\.log"));
    assertThat(in(work)).isEmpty();
  }
}
