package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AotCacheTest {
  @TempDir Path directory;
  private Path jar = Path.of("");

  @BeforeEach
  void aJar() throws IOException {
    jar = Files.writeString(directory.resolve("worker-0123.jar"), "a jar");
  }

  private Optional<AotCache> with(String... options) {
    return AotCache.of(jar, "", List.of(options));
  }

  private Path file(String... options) {
    return with(options).orElseThrow().file();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-javaagent:jacoco.jar",
        "-agentlib:jdwp=transport=dt_socket",
        "--module-path=mods",
        "--patch-module=java.base=x",
        "-Djava.system.class.loader=org.acme.Loader",
        "-XX:+UseZGC",
        "-XX:-UseCompressedOops",
        "-XX:+UseCompactObjectHeaders",
        "-Xshare:off",
        "-XX:AOTCache=mine.aot",
        "-XX:+WhateverIsNewInTheNextJdk"
      })
  void aWorkerThatWouldRefuseItGetsNone(String option) {
    assertThat(with("-Da=b", option)).isEmpty();
  }

  @Test
  void aHeapThatNeedsOtherReferencesGetsNone() {
    assertThat(AotCache.of(jar, "40g", List.of())).isEmpty();
    assertThat(AotCache.of(jar, "31g", List.of())).isPresent();
  }

  @Test
  void whatItDoesNotDependOnIsNotInItsName() {
    assertThat(file("-Da=b", "-ea", "-XX:+UseParallelGC")).isEqualTo(file());
  }

  @Test
  void whatItDependsOnIsInItsName() throws IOException {
    Path before = file();

    Path opened = file("--add-opens=java.base/java.lang=ALL-UNNAMED");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));

    assertThat(opened).isNotEqualTo(before);
    assertThat(file()).isNotEqualTo(before);
  }

  @Test
  void onceRefusedItIsNotOfferedAgain() throws IOException {
    AotCache cache = with().orElseThrow();
    Files.writeString(cache.file(), "a cache");
    assertThat(cache.isThere()).isTrue();

    cache.refuse();
    Files.writeString(cache.file(), "another");

    assertThat(cache.isThere()).isFalse();
    assertThat(with().orElseThrow().isRefused()).isTrue();
  }
}
