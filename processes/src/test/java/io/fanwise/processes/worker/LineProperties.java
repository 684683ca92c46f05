package io.fanwise.processes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.codec.Decoder;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Passage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// What a line makes of what comes over it: what was sent, or an error, and never anything else.
class LineProperties {
  private static final Passage PASSAGE = Passage.within(LineProperties.class.getClassLoader());

  /// A connection over which exactly this comes, some bytes at a time.
  private static final class Bytes implements ByteChannel {
    private final ByteBuffer in;
    private final int most;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes(byte[] bytes, int most) {
      this.in = ByteBuffer.wrap(bytes);
      this.most = most;
    }

    @Override
    public int read(ByteBuffer into) {
      if (!in.hasRemaining()) {
        return -1;
      }
      int count = Math.min(most, Math.min(in.remaining(), into.remaining()));
      into.put(in.slice(in.position(), count));
      in.position(in.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      int count = from.remaining();
      while (from.hasRemaining()) {
        out.write(from.get());
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static byte[] sent(List<byte[]> values) throws IOException {
    Bytes channel = new Bytes(new byte[0], 1);
    Line line = new Line(channel);
    for (byte[] value : values) {
      new Encoder(line.begin(Frame.RESULT, null), PASSAGE).value(value);
      line.end();
    }
    return channel.out.toByteArray();
  }

  @Property(tries = 200)
  void whatIsSentArrivesHoweverItIsCut(
      @ForAll @Size(max = 5) List<@IntRange(max = 200_000) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 100_000) int most)
      throws IOException {
    List<byte[]> values = sizes.stream().map(size -> new byte[size]).toList();
    values.forEach(value -> Arrays.fill(value, (byte) 7));

    Line line = new Line(new Bytes(sent(values), most));

    for (byte[] value : values) {
      assertThat(line.next()).isEqualTo(Frame.RESULT);
      assertThat(new Decoder(line.content(), PASSAGE).value()).isEqualTo(value);
    }
  }

  @Property(tries = 300)
  void whatIsNotReadOfAFrameIsSkipped(
      @ForAll @IntRange(max = 200_000) int size, @ForAll @IntRange(min = 1, max = 100_000) int most)
      throws IOException {
    Line line = new Line(new Bytes(sent(List.of(new byte[size], new byte[] {42})), most));

    line.next();
    line.content().u8();

    line.next();
    assertThat(new Decoder(line.content(), PASSAGE).value()).isEqualTo(new byte[] {42});
  }

  @Property(tries = 1000)
  void nonsenseIsAnErrorAndEnds(
      @ForAll byte[] nonsense, @ForAll @IntRange(min = 1, max = 9) int most) {
    readAll(new Line(new Bytes(nonsense, most)));
  }

  @Property(tries = 1000)
  void aBitThatIsWrongIsAnErrorOrAnotherValueAndEnds(
      @ForAll byte[] value, @ForAll @IntRange(max = 5_000) int where) throws IOException {
    byte[] bytes = sent(List.of(value, value));
    bytes[where / 8 % bytes.length] ^= (byte) (1 << where % 8);

    readAll(new Line(new Bytes(bytes, 100)));
  }

  @Property(tries = 500)
  void aFrameThatIsCutOffIsAnErrorAndEnds(
      @ForAll byte[] value, @ForAll @IntRange(max = 5_000) int length) throws IOException {
    byte[] bytes = sent(List.of(value));

    readAll(new Line(new Bytes(Arrays.copyOf(bytes, length % bytes.length), 100)));
  }

  @Property(tries = 500)
  void whoIntroducesItselfWithNonsenseIsNobody(@ForAll @Size(max = 40) byte[] nonsense) {
    try {
      Hello hello = Hello.read(new Bytes(nonsense, 7));
      assertThat(hello.token()).hasSize(Hello.TOKEN_BYTES);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("somebody connected");
    }
  }

  /// Reads until there is an error, which there must be at the end.
  private static void readAll(Line line) {
    while (true) {
      try {
        line.next();
        new Decoder(line.content(), PASSAGE).value();
      } catch (IOException | RuntimeException e) {
        if (e instanceof IOException) {
          return;
        }
      }
    }
  }
}
