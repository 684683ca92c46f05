package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
  @TempDir Path folder;
  private final AtomicInteger calls = new AtomicInteger();

  record Question(String text, List<Integer> numbers) {}

  record Answer(String text, Map<String, Integer> counts) {}

  @Test
  void whatWasComputedOnceIsNotComputedAgain() throws Exception {
    Memory.Cached<Question, Answer> cached = answering();
    Question question = new Question("how many?", List.of(1, 2));

    Answer first = cached.run(question);
    Answer second = answering().run(new Question("how many?", List.of(1, 2)));
    Answer other = cached.run(new Question("how many?", List.of(2, 1)));

    assertThat(second).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
    assertThat(calls).hasValue(2);
    assertThat(cached.misses()).isEqualTo(2);
  }

  @Test
  void anArgumentIsToldByWhatItContains() {
    Map<String, Integer> oneWay = new LinkedHashMap<>();
    Map<String, Integer> otherWay = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      oneWay.put("key " + i, i);
      otherWay.put("key " + (99 - i), 99 - i);
    }

    assertThat(ContentDigest.of(oneWay)).isEqualTo(ContentDigest.of(otherWay));
    assertThat(ContentDigest.of(Set.of("a", "b"))).isEqualTo(ContentDigest.of(Set.of("b", "a")));
    assertThat(
            List.of(
                ContentDigest.of(1),
                ContentDigest.of(1L),
                ContentDigest.of("1"),
                ContentDigest.of(List.of("1")),
                ContentDigest.of(List.of("", "1")),
                ContentDigest.of(List.of("1", "")),
                ContentDigest.of(new int[] {1}),
                ContentDigest.of(new long[] {1}),
                ContentDigest.of(new Question("1", List.of())),
                ContentDigest.of(new Question("", List.of(1)))))
        .doesNotHaveDuplicates();
  }

  @Test
  @SuppressWarnings("JavaUtilDate") // arguments are what they are
  void whatATextLeavesOutCountsTooOrIsRefused() {
    assertThat(ContentDigest.of(new Date(1_000))).isNotEqualTo(ContentDigest.of(new Date(1_001)));
    assertThat(ContentDigest.of(Path.of("a"))).isNotEqualTo(ContentDigest.of(Path.of("b")));
    assertThatThrownBy(() -> ContentDigest.of(ByteBuffer.wrap(new byte[] {1})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be told from outside");
  }

  @Test
  void whatDoesNotCountIsLeftOutByTheKey() throws Exception {
    Memory.Cached<Question, Answer> cached = answering().key(Question::text);

    cached.run(new Question("same", List.of(1)));
    cached.run(new Question("same", List.of(2)));

    assertThat(calls).hasValue(1);
  }

  @Test
  void anArgumentThatNobodyCanLookIntoIsRefused() {
    Memory.Cached<Object, Integer> cached = Memory.in(folder).cache(Object::hashCode);

    assertThatThrownBy(() -> cached.run(new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "what a java.lang.Object contains cannot be told from outside: say by key what counts,"
                + " such as its id");
  }

  @Test
  void aFailureIsNotRemembered() throws Exception {
    Memory.Cached<Integer, Integer> cached =
        Memory.in(folder)
            .cache(i -> {
              if (calls.incrementAndGet() == 1) {
                throw new IOException("not today");
              }
              return i;
            });

    assertThatThrownBy(() -> cached.run(7)).hasMessage("not today");
    assertThat(cached.run(7)).isEqualTo(7);
  }

  @Test
  void aDamagedResultIsComputedAgain() throws Exception {
    Memory.Cached<Question, Answer> cached = answering();
    Question question = new Question("how many?", List.of());
    Answer answer = cached.run(question);
    Path file = onlyFile();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    Answer again = cached.run(question);

    assertThat(again).isEqualTo(answer);
    assertThat(calls).hasValue(2);
    assertThat(cached.contains(question)).isTrue();
  }

  @Test
  void anOldResultExpires() throws Exception {
    Memory.Cached<Question, Answer> cached = answering().expireAfter(Duration.ofNanos(1));

    cached.run(new Question("", List.of()));
    cached.run(new Question("", List.of()));

    assertThat(calls).hasValue(2);
  }

  @Test
  void whatWasNotUsedForLongestMakesRoom() throws Exception {
    Memory memory = Memory.in(folder).items(10);
    Memory.Cached<Integer, Integer> cached = memory.cache(i -> i);
    for (int i = 0; i < 20; i++) {
      cached.run(i);
    }
    cached.forget(19);
    cached.run(19);
    for (Memory.Entry entry : memory.entries()) {
      Path file =
          folder
              .resolve(entry.function())
              .resolve(entry.key().substring(0, 2))
              .resolve(entry.key() + ".result");
      boolean recent = entry.key().equals(ContentDigest.of(3));
      Files.setLastModifiedTime(
          file, FileTime.from(Instant.now().minus(Duration.ofDays(recent ? 0 : 2))));
    }

    memory.reduce();

    assertThat(memory.entries()).hasSize(9);
    assertThat(cached.contains(3)).isTrue();
  }

  @Test
  void aLimitHoldsHoweverFewResultsEachProgramAdds() throws Exception {
    for (int program = 0; program < 60; program++) {
      Memory.Cached<Integer, Integer> cached = Memory.in(folder).items(50).cache(i -> i);
      for (int i = 0; i < 50; i++) {
        cached.run(50 * program + i);
      }
    }

    assertThat(Memory.in(folder).entries()).hasSizeLessThan(2_900);
  }

  @Test
  void whatOthersKeepInTheFolderStays() throws Exception {
    Path mine = Files.writeString(folder.resolve("mine.result"), "precious");
    Path below = Files.createDirectories(folder.resolve("below/ab")).resolve("cd.result");
    Files.writeString(below, "precious");
    answering().run(new Question("", List.of()));
    Memory memory = Memory.in(folder).items(1).limit(1);

    assertThat(memory.entries()).hasSize(1);
    memory.reduce();
    memory.clear();

    assertThat(memory.entries()).isEmpty();
    assertThat(mine).hasContent("precious");
    assertThat(below).hasContent("precious");
  }

  @Test
  void whatWasNeverFinishedIsTakenAwayWhenItIsOld() throws Exception {
    answering().run(new Question("", List.of()));
    Path result = onlyFile();
    Path old = Files.createFile(result.resolveSibling(result.getFileName() + ".17-a1.new"));
    Path fresh = Files.createFile(result.resolveSibling(result.getFileName() + ".18-a1.new"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));

    Memory.in(folder).reduce();

    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    assertThat(result).exists();
  }

  @Test
  void resultsAreReadAndKeptWhileOthersForgetThem() throws Exception {
    Memory memory = Memory.in(folder);
    Memory.Cached<Integer, Integer> cached = memory.cache(i -> i + 1);
    AtomicBoolean over = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              while (!over.get()) {
                memory.clear();
              }
            });

    try {
      for (int i = 0; i < 2_000; i++) {
        assertThat(cached.run(i % 3)).isEqualTo(i % 3 + 1);
      }
    } finally {
      over.set(true);
      other.join();
    }
  }

  /// A task that says itself what it does.
  private record Prompt(String text) implements Task<Integer, String>, Identified {
    @Override
    public String run(Integer input) {
      return text + input;
    }

    @Override
    public String identity() {
      return text;
    }
  }

  @Test
  void functionsThatDifferInASignOnlyHaveResultsOfTheirOwn() throws Exception {
    Memory memory = Memory.in(folder);
    String longName = "x".repeat(1_000);

    assertThat(memory.cache(new Prompt("Say it!")).run(1)).isEqualTo("Say it!1");
    assertThat(memory.cache(new Prompt("Say it?")).run(1)).isEqualTo("Say it?1");
    assertThat(memory.cache(new Prompt(longName)).run(1)).isEqualTo(longName + "1");
  }

  @Test
  void everythingCanBeForgotten() throws Exception {
    answering().run(new Question("", List.of()));

    Memory.in(folder).clear();

    assertThat(folder).doesNotExist();
    assertThat(Memory.in(folder).entries()).isEmpty();
  }

  @Test
  void whatSeveralThreadsAskForAtOnceIsComputedOnce() {
    CountDownLatch asked = new CountDownLatch(1);
    Memory.Cached<String, Integer> cached =
        Memory.in(folder)
            .cache(text -> {
              asked.await();
              return calls.incrementAndGet();
            });

    List<Integer> results =
        Fan.virtualThreads(20)
            .batch(1)
            .map(
                Collections.nCopies(20, "same"),
                text -> {
                  asked.countDown();
                  return cached.run(text);
                });

    assertThat(results).containsOnly(1);
    assertThat(calls).hasValue(1);
  }

  @Test
  void otherCodeHasResultsOfItsOwn() throws Exception {
    Memory memory = Memory.in(folder);

    int one = memory.<Integer, Integer>cache(i -> i + 1).run(1);
    int two = memory.<Integer, Integer>cache(i -> i + 2).run(1);
    int three = memory.<Integer, Integer>cache(i -> i + 3).version("v1").run(1);
    int four = memory.<Integer, Integer>cache(i -> i + 4).version("v1").run(1);

    assertThat(List.of(one, two, three, four)).containsExactly(2, 3, 4, 4);
  }

  private Memory.Cached<Question, Answer> answering() {
    return Memory.in(folder)
        .<Question, Answer>cache(question -> {
          calls.incrementAndGet();
          return new Answer(question.text(), Map.of("n", question.numbers().hashCode()));
        })
        .version("answering");
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }
}
