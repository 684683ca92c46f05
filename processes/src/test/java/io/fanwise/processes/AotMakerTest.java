package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Making one yields to everything else on the machine.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AotMakerTest {
  @TempDir Path directory;

  private AotCache cache() throws IOException {
    Path jar = directory.resolve("worker-0123.jar");
    if (!Files.exists(jar)) {
      Files.copy(WorkerJar.path(), jar);
    }
    return AotCache.of(jar, "", List.of()).orElseThrow();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void itIsMadeFromTheWorkersJarAloneAndNothingElseStays() throws Exception {
    AotCache cache = cache();
    Path orphan =
        Files.writeString(directory.resolve("worker-9.aot.part"), "of one that was killed");
    Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofDays(30))));

    AotMaker.make(cache);

    assertThat(cache.isThere()).isTrue();
    assertThat(files())
        .containsExactly("aot.lock", cache.file().getFileName().toString(), "worker-0123.jar");
  }

  @Test
  void aJarThatCannotBeRehearsedIsTriedOnce() throws Exception {
    Path jar = Files.writeString(directory.resolve("worker-0123.jar"), "no jar at all");
    AotCache cache = AotCache.of(jar, "", List.of()).orElseThrow();

    AotMaker.make(cache);

    assertThat(cache.isRefused()).isTrue();
    assertThat(cache.isThere()).isFalse();
  }

  @Test
  void whileAnotherMakesOneNothingIsDone() throws Exception {
    AotCache cache = cache();
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("aot.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      AotMaker.make(cache);

      assertThat(lock.isValid()).isTrue();
      assertThat(cache.isThere()).isFalse();
      assertThat(cache.isRefused()).isFalse();
    }
  }

  @Test
  void theLastUsedStayAndOlderOnesGo() throws Exception {
    AotCache cache = cache();
    for (int i = 1; i <= 5; i++) {
      Path old = Files.writeString(directory.resolve("worker-" + i + ".aot"), "old");
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(i))));
    }

    AotMaker.make(cache);

    assertThat(files()).contains("worker-1.aot", "worker-2.aot", "worker-3.aot");
    assertThat(files()).doesNotContain("worker-4.aot", "worker-5.aot");
    assertThat(Files.getLastModifiedTime(cache.file()).toInstant())
        .isCloseTo(Instant.now(), within(1, java.time.temporal.ChronoUnit.HOURS));
  }

  /// A program with a cache directory of its own: what it prints, by name.
  private Map<String, String> program(
      Class<?> main, Map<String, String> environment, String... options) throws Exception {
    List<String> command =
        Stream.of(
                Stream.of(CommandLine.java()),
                Stream.of(options),
                Stream.of("-cp", System.getProperty("java.class.path"), main.getName()))
            .flatMap(word -> word)
            .toList();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("FANWISE_AOT");
    builder.environment().put("XDG_CACHE_HOME", directory.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Test
  void workersUseItAndDoWithoutWhenItTurnsOutToBeJunk() throws Exception {
    Map<String, String> said = program(AotProgram.class, Map.of());

    assertThat(said)
        .containsEntry("before", "plain sharing")
        .containsEntry("made", "true")
        .containsEntry("after", "cached sharing")
        .containsEntry("with junk", "cached unshared")
        .containsEntry("after junk", "plain sharing");
  }

  @Test
  void aProgramThatIsSoonOverHasItMadeBehindItselfAndNothingElseStays() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));

    Map<String, String> first = program(SoonOver.class, Map.of(), "-Djava.io.tmpdir=" + temporary);
    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(made(".aot")).hasSize(1));
    await().untilAsserted(() -> assertThat(temporary).isEmptyDirectory());
    Map<String, String> second = program(SoonOver.class, Map.of(), "-Djava.io.tmpdir=" + temporary);

    assertThat(first).containsEntry("worker", "plain sharing");
    assertThat(second).containsEntry("worker", "cached sharing");
    assertThat(made("")).hasSize(3); // the jar, the cache and the lock
    assertThat(temporary).isEmptyDirectory();
  }

  private List<Path> made(String ending) throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve("fanwise"))) {
      return all.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  @Test
  void theEnvironmentTurnsItOff() throws Exception {
    Map<String, String> said = program(AotProgram.class, Map.of("FANWISE_AOT", "off"));

    assertThat(said).containsEntry("after", "plain sharing");
  }
}
