package io.fanwise.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Word of something shared: a few bytes that say where it is.
class WordTest {

  private static byte[] wordOf(Object shared) {
    return Objects.requireNonNull(ArrayStore.word(shared));
  }

  @Property
  void bytesThatAreNoWordAreRefused(@ForAll byte[] bytes) {
    byte[] tooFew = Arrays.copyOf(bytes, Math.min(bytes.length, 17)); // the shortest has 18

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ArrayStore.restore(tooFew))
        .withMessage("these %d bytes are no word of something shared".formatted(tooFew.length));
  }

  @Property
  void aWordThatIsCutOffOrChangedIsRefusedOrOfSomethingThatIsNotThere(
      @ForAll int cut, @ForAll int at, @ForAll byte other) {
    try (var shared = SharedLongs.create(3)) {
      byte[] word = wordOf(shared);
      byte[] shorter = Arrays.copyOf(word, Math.floorMod(cut, word.length));
      word[Math.floorMod(at, word.length)] = other;

      assertThatIllegalArgumentException().isThrownBy(() -> ArrayStore.restore(shorter));
      assertThat(catchThrowable(() -> ArrayStore.restore(word)))
          .satisfiesAnyOf(
              why -> assertThat(why).isNull(),
              why -> assertThat(why).isInstanceOf(IllegalArgumentException.class),
              why -> assertThat(why).isInstanceOf(IllegalStateException.class));
    }
  }

  @Example
  void thereIsNoWordOfWhatIsClosed() {
    var shared = SharedDoubles.copyOf(new double[] {1});
    byte[] word = wordOf(shared);
    shared.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> ArrayStore.word(shared))
        .withMessageContaining("is closed");
    assertThatIllegalStateException()
        .isThrownBy(() -> ArrayStore.restore(word))
        .withMessageContaining("has closed it");
  }

  @Example
  void thereIsNoWordOfAnythingElse() {
    assertThat(ArrayStore.word("text")).isNull();
    assertThat(ArrayStore.word(new ArrayList<>())).isNull();
    assertThat(ArrayStore.word(new Owner(1, 2))).isNull();
  }

  @Example
  void whatIsSharedArrivesAsItself() {
    var pipe = Shared.<String>pipe();
    List<Object> all =
        List.of(
            Shared.counter(),
            Shared.event(),
            Shared.latch(1),
            Shared.lock(),
            Shared.semaphore(1),
            Shared.barrier(1),
            Shared.queue(1),
            Shared.map(),
            pipe);

    for (Object each : all) {
      assertThat(ArrayStore.restore(wordOf(each))).isSameAs(each);
    }
    assertThat(all).hasSameSizeAs(Kind.values());
    var end = (SharedPipe.End<?>) ArrayStore.restore(wordOf(pipe.second()));
    assertThat(end.side).isEqualTo(1);
    assertThat(end.line).isEqualTo(pipe.line);
  }

  @Example
  void sharedArraysOfAllTypesArrive() {
    try (var bytes = SharedBytes.copyOf(new byte[] {1, 2});
        var ints = SharedInts.copyOf(new int[] {1, 2});
        var longs = SharedLongs.copyOf(new long[] {1, 2});
        var doubles = SharedDoubles.copyOf(new double[] {1, 2})) {

      assertThat(((SharedBytes) ArrayStore.restore(wordOf(bytes.slice(1, 2)))).get(0))
          .isEqualTo((byte) 2);
      assertThat(((SharedInts) ArrayStore.restore(wordOf(ints.slice(1, 2)))).get(0)).isEqualTo(2);
      assertThat(((SharedLongs) ArrayStore.restore(wordOf(longs.slice(1, 2)))).get(0)).isEqualTo(2);
      assertThat(((SharedDoubles) ArrayStore.restore(wordOf(doubles.slice(1, 2)))).get(0))
          .isEqualTo(2);
    }
  }

  /// Where the codec begins an object stream, the name of its class is in the frame.
  @Example
  void theCodecNeedsNoObjectStreamForIt() {
    var counter = Shared.counter();

    byte[] sent = Values.encode(List.of(counter, counter));

    assertThat(sent).hasSizeLessThan(60);
    assertThat(Values.decode(sent)).isEqualTo(List.of(counter, counter));
    assertThat(new String(sent, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(Reference.class.getName())
        .doesNotContain(ObjectOutputStream.class.getName());
  }
}
