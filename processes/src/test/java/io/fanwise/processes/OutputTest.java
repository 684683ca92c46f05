package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What tasks print comes out here, as if they ran here.
class OutputTest {
  private final PrintStream usualOut = System.out;
  private final PrintStream usualErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setOut(usualOut);
    System.setErr(usualErr);
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void whatATaskPrintsIsThereBeforeTheRunReturns() {
    Fan.on(Processes.of(2))
        .forEach(
            List.of("grün", "blå"),
            color -> {
              System.out.println("out " + color);
              System.err.print("err " + color);
            });

    assertThat(lines(out)).containsExactlyInAnyOrder("out grün", "out blå");
    assertThat(lines(err)).containsExactlyInAnyOrder("err grün", "err blå");
  }

  @Test
  void whoClosesTheStandardStreamsSilencesNobody() {
    Fan.on(Processes.of(1))
        .batch(2)
        .map(
            Range.of(0, 6),
            i -> {
              System.out.println("out " + i);
              System.out.close();
              System.err.println("err " + i);
              System.err.close();
              return i;
            });

    assertThat(lines(out)).containsExactly("out 0", "out 1", "out 2", "out 3", "out 4", "out 5");
    assertThat(lines(err)).containsExactly("err 0", "err 1", "err 2", "err 3", "err 4", "err 5");
  }

  @Test
  void linesOfTasksThatPrintAtOnceAreWholeAndEachTasksInOrder() {
    int tasks = 40;
    int each = 200;
    Fan.on(Processes.of(3))
        .batch(1)
        .forEach(
            Range.of(0, tasks),
            task -> {
              for (int i = 0; i < each; i++) {
                System.out.print(task + " ");
                System.out.print("is at ");
                System.out.println(i + " ".repeat(i));
              }
            });

    Map<Integer, List<Integer>> seen = new TreeMap<>();
    for (String line : lines(out)) {
      assertThat(line).matches("\\d+ is at \\d+ *");
      String[] words = line.strip().split(" ", -1);
      seen.computeIfAbsent(Integer.valueOf(words[0]), _ -> new ArrayList<>())
          .add(Integer.valueOf(words[3]));
    }
    assertThat(seen).hasSize(tasks);
    assertThat(seen.values())
        .allMatch(list -> list.size() == each && list.equals(list.stream().sorted().toList()));
  }

  @Test
  void onRequestEachLineSaysWhichWorkerPrintedIt() {
    Fan.on(Processes.of(2).tagged()).forEach(List.of(1, 2), i -> System.out.println(i + "\n" + i));

    assertThat(lines(out)).hasSize(4).allMatch(line -> line.matches("\\[fan-worker-\\d+] [12]"));
  }

  @Test
  void whatATaskPrintsBeforeItTakesItsWorkerDownIsNotLost() {
    try (Stream<?> outcomes =
        Fan.on(Processes.of(1))
            .outcomes(
                List.of(1),
                i -> {
                  System.out.println("famous last words");
                  System.exit(1);
                  return i;
                })) {
      assertThat(outcomes).hasSize(1);
    }

    assertThat(lines(out)).containsExactly("famous last words");
  }

  @Test
  void aLongTaskIsHeardWhileItRuns(@TempDir Path temp) {
    Path go = temp.resolve("go");
    Thread listener =
        Thread.ofVirtual()
            .start(() -> {
              await().until(() -> lines(out).contains("half way"));
              try {
                Files.createFile(go);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });

    Fan.on(Processes.of(1))
        .forEach(
            List.of(1),
            _ -> {
              System.out.println("half way");
              while (!Files.exists(go)) {
                Thread.sleep(5);
              }
            });

    assertThat(listener).isNotNull();
    assertThat(go).exists();
  }

  @Test
  void aLineWithoutEndIsBrokenRatherThanKept() {
    int size = 40_000_000;
    Fan.on(Processes.of(1).heap("32m"))
        .forEach(
            List.of(1),
            _ -> {
              byte[] some = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
              for (int i = 0; i < size / some.length; i++) {
                System.out.write(some);
              }
            });

    assertThat(lines(out).stream().mapToLong(String::length).sum()).isEqualTo(size);
    assertThat(Collections.max(lines(out).stream().map(String::length).toList()))
        .isLessThan(2_000_000);
  }

  @Test
  void nativeOutputGoesToALogThatDoesNotGrowForEver(@TempDir Path logs) throws Exception {
    Fan fan = Fan.on(Processes.of(1).logs(logs));

    fan.forEach(
        List.of(1),
        _ -> {
          byte[] some = "flood\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
          try (FileOutputStream fd = new FileOutputStream("/proc/self/fd/1", true)) {
            for (int i = 0; i < 400; i++) {
              fd.write(some);
            }
          }
        });

    assertThat(lines(out)).isEmpty();
    try (Stream<Path> files = Files.list(logs)) {
      Path log = files.findFirst().orElseThrow();
      await().until(() -> Files.size(log) <= Log.MOST_BYTES);
      await()
          .untilAsserted(() ->
              assertThat(Files.readString(log))
                  .contains("[what was here was too much]", "flood\n"));
    }
  }
}
