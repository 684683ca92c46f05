package io.fanwise.shared;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// What comes over a connection, from workers that behave and from others.
class ServiceTest {
  private static final long HOME = Guest.reference(Shared.counter()).home();

  @Test
  void whatCannotBeSentToAWorkerStaysInItsPlace() throws Exception {
    try (var guest = new Guest("worker")) {
      SharedQueue<Object> queue = Shared.queue(2);
      var thread = new Thread();
      queue.put(thread);
      queue.put("next");

      assertThatThrownBy(() -> guest.sees(queue).take())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("cannot send a java.lang.Thread to another JVM: ");
      assertThat(queue.take()).isSameAs(thread);
      assertThat(guest.sees(queue).take()).isEqualTo("next");
    }
  }

  @Test
  void whatAWorkerCannotSendDoesNotHurtItsConnection() throws Exception {
    try (var guest = new Guest("worker")) {
      SharedQueue<Object> queue = Shared.queue(2);
      SharedQueue<Object> seen = guest.sees(queue);

      assertThatThrownBy(() -> seen.put(new Thread())).isInstanceOf(IllegalArgumentException.class);

      seen.put("fine");
      assertThat(queue.take()).isEqualTo("fine");
      assertThat(guest.dialled).hasSize(1);
    }
  }

  @Test
  void aValueThatIsTooLargeIsRefusedWithItsSizeAndTheLimit() {
    assertThatThrownBy(() -> Values.encode(new byte[100_000], 99_999))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cannot send a [B to another JVM: it takes 100,004 bytes, and what goes through shared"
                + " state at once can have 99,999. Send it in parts, or share arrays by SharedBytes"
                + " and its like.");
    assertThat(Values.encode(new byte[100_000], 100_004)).hasSize(100_004);
  }

  @Test
  void valuesThatAreTooLargeTogetherAreRefusedBeforeTheyAreWritten() throws IOException {
    var all = new CountingOutput(Frames.LONGEST - 1_000);

    Wire.write(all, Parcel.encoded(new byte[100]));

    assertThatThrownBy(() -> Wire.write(all, Parcel.encoded(new byte[1_000])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("too much for one message: it takes 1,073,")
        .hasMessageContaining(" can have 1,073,741,824. ");
  }

  /// One that much has been written to already.
  private static final class CountingOutput extends DataOutputStream {
    CountingOutput(int before) {
      super(OutputStream.nullOutputStream());
      written = before;
    }
  }

  @Test
  void whatIsTakenForAConnectionThatHasEndedGoesToTheNext() throws Exception {
    try (var guest = new Guest("worker");
        var puppet = new Puppet()) {
      SharedQueue<String> queue = Shared.queue(1);
      var taking = puppet.starts(() -> guest.sees(queue).take());
      taking.untilItWaitsFor(queue);

      guest.hangUp();
      await().until(() -> guest.serving() == 0);
      queue.put("kept");

      assertThat(queue.poll(ZERO)).contains("kept");
    }
  }

  @Test
  void largeValuesGoThrough() throws Exception {
    try (var guest = new Guest("worker")) {
      SharedQueue<int[]> queue = Shared.queue(2);
      int[] large = IntStream.range(0, 3_000_000).toArray();

      guest.sees(queue).put(large);

      assertThat(guest.sees(queue).take()).isEqualTo(large);
    }
  }

  @Test
  void whatIsDroppedIsForgotten() throws Exception {
    try (var guest = new Guest("worker")) {
      SharedCounter kept = guest.sees(Shared.counter());

      await()
          .untilAsserted(() -> {
            System.gc();
            assertThatThrownBy(kept::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("this shared counter is gone: ");
          });
    }
  }

  @Test
  void whatAWorkerMadeAndDroppedIsForgotten() throws Exception {
    try (var guest = new Guest("worker")) {
      long id = Guest.reference(guest.makes(Kind.COUNTER, 0)).id();
      SharedCounter another = guest.sees(Shared.counter());

      await()
          .until(() -> {
            System.gc();
            guest.makes(Kind.EVENT, 0);
            return Home.HERE.find(id) == null;
          });
      assertThat(another).isNotNull();
    }
  }

  @Test
  void anObjectIsTheSameAgainWhereverItComesBack() throws Exception {
    try (var guest = new Guest("worker")) {
      SharedQueue<Object> queue = Shared.queue(2);
      SharedCounter counter = Shared.counter();

      guest.sees(queue).put(guest.sees(counter));

      assertThat(queue.take()).isSameAs(counter);
      assertThat(guest.sees(counter)).isSameAs(guest.sees(counter));
    }
  }

  @Test
  void aWorkerThatIsGoneGetsNothing() throws Exception {
    try (var guest = new Guest("worker")) {
      SharedLock lock = Shared.lock();
      guest.peer.die();

      assertThatThrownBy(() -> guest.sees(lock).hold())
          .isInstanceOf(java.io.UncheckedIOException.class)
          .hasMessageStartingWith("the JVM where this shared object lives cannot be reached");
      assertThat(lock.held()).isFalse();
    }
  }

  @Test
  void aMalformedFrameEndsItsConnectionAndSaysWhatIsWrong() {
    assertThatThrownBy(() -> serve(new byte[] {-1, -1, -1, -1}))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("malformed frame: its length must be from 1 to 1073741824, was -1");
    assertThatThrownBy(() -> serve(new byte[] {0, 0, 0, 1, 99}))
        .hasMessage("malformed frame: there is no type 99");
    assertThatThrownBy(() -> serve(new byte[] {0, 0, 0, 2, 0, 0}))
        .hasMessage("malformed frame: it is cut off after 2 bytes");
    assertThatThrownBy(() -> serve(new byte[] {0, 0, 0, 2, 1, 0}))
        .hasMessage("malformed frame: 1 bytes too many");
    assertThatThrownBy(() -> serve(new byte[] {0x3f, 0, 0, 0, 1}))
        .isInstanceOf(EOFException.class)
        .hasMessage("the connection ended after 1 of 1056964608 bytes of a frame");
    assertThatThrownBy(() -> serve(framed(new Message.Cancelled("it").encoded())))
        .hasMessage("malformed frame: a worker does not say Cancelled[text=it]");
  }

  @Test
  void aSecondQuestionWhileTheFirstWaitsIsMalformed() {
    SharedEvent event = Shared.event();
    byte[] question = framed(ask(event, Verb.AWAIT, Line.FOREVER).encoded());
    byte[] twice = Arrays.copyOf(question, 2 * question.length);
    System.arraycopy(question, 0, twice, question.length, question.length);

    assertThatThrownBy(() -> serve(twice))
        .hasMessage("malformed frame: a question while the one before waits");
  }

  @Test
  void aVerbThatAnObjectDoesNotKnowIsRefused() throws Exception {
    SharedEvent event = Shared.event();

    Message answer = answer(ask(event, Verb.PUT, 0));

    assertThat(answer)
        .isEqualTo(new Message.No(Refused.Reason.ARGUMENT, "PUT is nothing that this object does"));
  }

  @Property(tries = 2_000)
  void randomBytesEndAConnectionAndNothingElse(@ForAll byte[] bytes) {
    serveWhatever(bytes);
    serveWhatever(framed(bytes));
  }

  @Property(tries = 5_000)
  void damagedQuestionsEndAConnectionOrAreRefused(
      @ForAll long seed, @ForAll Verb verb, @ForAll Kind which) {
    var random = new Random(seed);
    Object object = Broker.create(which, 1);
    Parcel parcel = Parcel.encoded(Values.encode("value"));
    byte[] bytes =
        framed(ask(object, verb, 1_000, random.nextBoolean() ? parcel : 1L, parcel).encoded());
    int flips = random.nextInt(4);
    for (int i = 0; i < flips; i++) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }

    serveWhatever(
        random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length)));
  }

  private static Message.Ask ask(Object object, Verb verb, long patience, Object... arguments) {
    Reference it = Guest.reference(object);
    return new Message.Ask(HOME, it.kind(), it.id(), verb, 1, patience, arguments);
  }

  private static Message answer(Message question) throws IOException {
    var channel = serve(framed(question.encoded()));
    ByteBuffer reply = ByteBuffer.wrap(channel.written());
    assertThat(reply.getInt()).isEqualTo(reply.remaining());
    return Message.decoded(reply);
  }

  private static byte[] framed(byte[] bytes) {
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  private static Script serve(byte[] bytes) throws IOException {
    var script = new Script(bytes);
    var peer = Broker.peer("stranger");
    try {
      peer.serve(script);
    } finally {
      peer.die();
    }
    assertThat(script.isOpen()).isFalse();
    return script;
  }

  private static void serveWhatever(byte[] bytes) {
    try {
      serve(bytes);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
