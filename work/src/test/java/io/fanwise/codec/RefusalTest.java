package io.fanwise.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.work.Failure;
import io.fanwise.work.Task;
import io.fanwise.work.ThrownElsewhere;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What cannot travel is refused by name, and hurts nobody else.
@SuppressWarnings("serial")
class RefusalTest {

  @Test
  void aTaskThatUsesAFieldSaysWhichOne() {
    Task<Integer, Integer> task = new Report(new Link()).task();

    assertRefused(
        task,
        "captures Report.this.connection (io.fanwise.codec.RefusalTest$Connection), which is not"
            + " serializable. Open the connection inside the task, or in Processes.initializer.");
  }

  @Test
  void aTaskThatUsesAnInstanceThatCannotTravelSaysSo() {
    Task<Integer, Integer> task = new Office().task();

    assertRefused(
        task,
        "captures Office.this (io.fanwise.codec.RefusalTest$Office), which is not serializable."
            + " Copy the fields that the task uses into local variables, or make Office implement"
            + " Serializable.");
  }

  @Test
  void aTaskSaysWhichCapturedArgumentCannotTravel() {
    int k = 1;
    Thread thread = Thread.currentThread();
    Task<Integer, String> task = x -> thread.getName() + k + x;

    assertRefused(
        task,
        "captured argument 1 (java.lang.Thread) is not serializable. Create the thread inside the"
            + " task, or in Processes.initializer.");
  }

  @Test
  void aMethodReferenceSaysThatItsReceiverCannotTravel() {
    Task<Integer, Integer> task = new Office()::count;

    assertThatThrownBy(() -> new Wire().encoder().value(task))
        .isInstanceOf(CannotTravel.class)
        .hasMessageStartingWith(
            "captured receiver (io.fanwise.codec.RefusalTest$Office) is not serializable");
  }

  @Test
  void aResultSaysTheWayToWhatCannotTravel() {
    List<Object> result = List.of(1, 2, new Owned(new Owner(Thread.currentThread())));

    assertRefused(result, "field path [2].owner.thread (java.lang.Thread) is not serializable");
  }

  @Test
  void theWayLeadsThroughMapsRecordsAndPlainObjects() {
    Object result =
        Map.of("k", new Box(new Object[] {new AtomicReference<>(new Owner(new Thread()))}));

    assertRefused(
        result, "field path {k}.content[0].get().thread (java.lang.Thread) is not serializable");
  }

  @Test
  void aPlainLambdaSaysWhatTypeItNeeds() {
    Function<Integer, Integer> plain = x -> x;

    assertRefused(
        List.of(plain),
        "field path [0] (java.util.function.Function) is a lambda of a type that is not"
            + " serializable; use one that is, such as io.fanwise.work.Task");
  }

  @Test
  void anObjectThatIsNotSerializableIsNamed() {
    assertRefused(new Object(), "java.lang.Object is not serializable");
  }

  @Test
  void whatIsNestedTooDeepIsRefused() {
    List<Object> deep = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      deep = new ArrayList<>(List.of(deep));
    }

    assertRefused(
        List.of("flat", Map.of("tree", new Nest(deep))),
        "field path [1]{tree}.inner[0][0][0][0][0][0][0][0][0]… is nested more than 400 deep. Send what"
            + " it consists of one beside the other, in a list or an array");
  }

  @Test
  void aTaskSaysWhatItCapturesThatIsNestedTooDeep() {
    Nest nest = new Nest("end");
    for (int i = 0; i < 500; i++) {
      nest = new Nest(nest);
    }
    Nest deep = nest;
    Task<Integer, Integer> task = x -> x + deep.hashCode();

    assertThatThrownBy(() -> new Wire().encoder().value(task))
        .isInstanceOf(CannotTravel.class)
        .hasMessageStartingWith("captured argument 1.")
        .hasMessageContaining("… is nested more than 400 deep.");
  }

  @Test
  void whatIsNestedAsDeepAsAllowedTravelsOnASmallStack() throws Exception {
    Nest deep = new Nest("end");
    for (int i = 1; i < Encoder.DEEPEST; i++) {
      deep = new Nest(deep);
    }
    AtomicReference<Object> arrived = new AtomicReference<>();
    Nest value = deep;

    Thread small = new Thread(null, () -> arrived.set(Wire.travelled(value)), "small", 1 << 20);
    small.start();
    small.join();

    assertThat(arrived.get()).isNotNull();
  }

  @Test
  void plainObjectsBetweenBadOnesArrive() throws IOException {
    Wire wire = new Wire();
    Object[] all = new Object[60];
    for (int i = 0; i < all.length; i++) {
      all[i] = i % 3 == 0 ? new Box("b" + i) : i % 3 == 1 ? new Grumpy() : new Owner(new Thread());
    }
    wire.encoder().values(all, 0, all.length, (index, why) -> new Box("refused"));

    Object[] arrived = wire.decoder().values(all.length, (index, why) -> "not rebuilt");

    for (int i = 0; i < all.length; i += 3) {
      assertThat(arrived[i]).isEqualTo(new Box("b" + i));
      assertThat(arrived[i + 1]).isEqualTo("not rebuilt");
      assertThat(arrived[i + 2]).isEqualTo(new Box("refused"));
    }
  }

  @Test
  void aChainOfPlainObjectsTooLongForTheStackIsRefused() {
    Box chain = new Box("end");
    for (int i = 0; i < 1_000_000; i++) {
      chain = new Box(chain);
    }

    assertRefused(
        chain,
        "field path content.content.content.content.content… is nested too deeply for this thread's"
            + " stack");
  }

  @Test
  void whatUserCodeThrowsIsTheCause() {
    IllegalStateException thrown = new IllegalStateException("no");

    assertThatThrownBy(() -> new Wire().encoder().value(new Thrower(thrown)))
        .isInstanceOf(CannotTravel.class)
        .hasMessageContaining("an accessor of")
        .hasCause(thrown);
  }

  @Test
  void aRecordThatContainsItselfIsRefused() {
    List<Object> inner = new ArrayList<>();
    Loop loop = new Loop(inner);
    inner.add(loop);

    assertThatThrownBy(() -> new Wire().encoder().value(loop))
        .isInstanceOf(CannotTravel.class)
        .hasMessageContaining("Loop contains itself");
  }

  @Test
  void refusedValuesLeaveTheirNeighboursAlone() throws IOException {
    for (int capacity : new int[] {64, 1 << 16}) {
      Wire wire = new Wire(capacity, Wire.here());
      List<Object> shared = new ArrayList<>(List.of("shared"));
      Object[] all = {
        shared,
        new Object(),
        Arrays.asList("x".repeat(500), new Owner(null), shared, new Object()),
        Arrays.asList(new Point(1), "x".repeat(500), new Object()),
        new Owned(new Owner(new Thread())),
        shared,
        new Point(2)
      };

      wire.encoder().values(all, 0, all.length, (index, why) -> "refused " + index);

      assertThat(wire.decoder().values(all.length, RefusalTest::never))
          .containsExactly(
              shared, "refused 1", "refused 2", "refused 3", "refused 4", shared, new Point(2));
    }
  }

  @Test
  void whatCannotBeRebuiltLeavesItsNeighboursAlone() throws IOException {
    Wire wire = new Wire();
    List<Object> shared = new ArrayList<>(List.of("shared"));
    Object[] all = {
      List.of(new Point(1), shared),
      List.of(shared, new Box(new Point(2))),
      new Picky(1),
      new Grumpy(),
      List.of(new Grumpy(), shared),
      new Picky(-1),
      Arrays.asList(new Picky(-1), shared, Colour.RED),
      Map.of(Colour.RED, 1),
      1,
      2L,
      shared
    };
    wire.encoder().values(all, 0, all.length, RefusalTest::never);
    Picky.limit = 0;

    Object[] arrived =
        wire.decoder(wire.bytes(), without(Point.class, Colour.class))
            .values(all.length, (index, why) -> why.getMessage());
    Picky.limit = Integer.MIN_VALUE;

    String noPoint = "class io.fanwise.codec.RefusalTest$Point was not found";
    String noColour = "class io.fanwise.codec.RefusalTest$Colour was not found";
    String negative =
        "it could not be rebuilt: java.lang.IllegalArgumentException: must not be negative, was -1";
    assertThat(arrived)
        .containsExactly(
            noPoint,
            noPoint,
            new Picky(1),
            "it could not be rebuilt: java.lang.IllegalStateException: grumpy",
            "it could not be rebuilt: java.lang.IllegalStateException: grumpy",
            negative,
            negative,
            noColour,
            1,
            2L,
            shared);
  }

  @Test
  void theFilterDecidesWhatTheObjectStreamsRead() throws IOException {
    Wire wire = new Wire();
    wire.encoder().value(new Box("a"));
    wire.encoder().value(new Owner(null));
    wire.encoder().value(List.of(new Box(new Point(1))));
    ObjectInputFilter filter =
        ObjectInputFilter.Config.createFilter(
            Box.class.getName() + ";" + Point.class.getName() + ";java.**;!*");

    Decoder decoder = wire.decoder(wire.bytes(), filtered(filter));

    assertThat(decoder.value()).isEqualTo(new Box("a"));
    assertThatThrownBy(decoder::value).isInstanceOf(CannotTravel.class);
    assertThat(decoder.value()).isEqualTo(List.of(new Box(new Point(1))));
  }

  @Test
  void anExceptionArrivesAsItselfWithItsTraceCausesAndSuppressed() {
    IOException thrown = new IOException("disk", new IllegalStateException("why"));
    thrown.addSuppressed(new Odd("also", null));

    Failure arrived = Wire.travelled(new Failure(thrown));

    assertThat(arrived.error()).isExactlyInstanceOf(IOException.class).hasMessage("disk");
    assertThat(arrived.error().getStackTrace()).isEqualTo(thrown.getStackTrace());
    assertThat(arrived.error().getCause()).isExactlyInstanceOf(IllegalStateException.class);
    assertThat(arrived.error().getSuppressed()[0]).isExactlyInstanceOf(Odd.class);
  }

  @Test
  void anExceptionThatCannotTravelArrivesInWords() throws IOException {
    for (int capacity : new int[] {64, 1 << 16}) {
      Odd thrown = new Odd("odd", new Thread());
      thrown.initCause(new IOException("disk"));
      thrown.addSuppressed(new IllegalStateException());
      Wire wire = new Wire(capacity, Wire.here());

      wire.encoder().value(List.of(new Failure(thrown), "next"));

      List<?> arrived = (List<?>) wire.decoder().value();
      ThrownElsewhere error = (ThrownElsewhere) ((Failure) arrived.get(0)).error();
      assertThat(error).hasMessage("io.fanwise.codec.RefusalTest$Odd: odd");
      assertThat(error.className()).isEqualTo("io.fanwise.codec.RefusalTest$Odd");
      assertThat(error.text()).isEqualTo("odd");
      assertThat(error.getStackTrace()[0].getMethodName())
          .isEqualTo("anExceptionThatCannotTravelArrivesInWords");
      assertThat(error.getCause()).hasMessage("java.io.IOException: disk");
      assertThat(error.getSuppressed()[0]).hasMessage("java.lang.IllegalStateException");
      assertThat(arrived.get(1)).isEqualTo("next");
    }
  }

  @Test
  void anExceptionOfAClassThatIsMissingArrivesInWords() throws IOException {
    Wire wire = new Wire();
    wire.encoder().value(new Odd("odd", null));
    wire.encoder().value("next");

    Decoder decoder = wire.decoder(wire.bytes(), without(Odd.class));

    assertThat(decoder.value())
        .isInstanceOfSatisfying(
            ThrownElsewhere.class,
            error -> assertThat(error.className()).isEqualTo(Odd.class.getName()));
    assertThat(decoder.value()).isEqualTo("next");
  }

  private static void assertRefused(Object value, String message) {
    assertThatThrownBy(() -> new Wire().encoder().value(value))
        .isInstanceOf(CannotTravel.class)
        .hasMessage(message);
  }

  private static Object never(int index, CannotTravel why) {
    throw new AssertionError("value " + index, why);
  }

  private static Passage without(Class<?>... missing) {
    List<String> names = Arrays.stream(missing).map(Class::getName).toList();
    Passage here = Wire.here();
    return name -> {
      if (names.contains(name)) {
        throw new ClassNotFoundException(name);
      }
      return here.find(name);
    };
  }

  private static Passage filtered(ObjectInputFilter filter) {
    Passage here = Wire.here();
    return new Passage() {
      @Override
      public Class<?> find(String name) throws ClassNotFoundException {
        return here.find(name);
      }

      @Override
      public ObjectInputFilter filter() {
        return filter;
      }
    };
  }

  interface Connection extends AutoCloseable {
    int fetch();

    @Override
    void close();
  }

  static final class Link implements Connection {
    @Override
    public int fetch() {
      return 1;
    }

    @Override
    public void close() {}
  }

  static final class Report implements Serializable {
    private final Connection connection;

    Report(Connection connection) {
      this.connection = connection;
    }

    Task<Integer, Integer> task() {
      return x -> x + connection.fetch();
    }
  }

  static final class Office {
    private int count;

    Task<Integer, Integer> task() {
      return x -> x + count++;
    }

    int count(int more) {
      return count += more;
    }
  }

  static final class Owner implements Serializable {
    private final @Nullable Thread thread;

    Owner(@Nullable Thread thread) {
      this.thread = thread;
    }

    @Override
    public String toString() {
      return "owner of " + thread;
    }
  }

  record Owned(Owner owner) {}

  record Point(int x) {}

  record Nest(Object inner) {}

  record Loop(List<Object> inner) {}

  enum Colour {
    RED
  }

  record Thrower(RuntimeException thrown) {
    @Override
    public RuntimeException thrown() {
      throw thrown;
    }
  }

  record Picky(int value) {
    static int limit = Integer.MIN_VALUE;

    Picky {
      if (value < limit) {
        throw new IllegalArgumentException("must not be negative, was " + value);
      }
    }
  }

  static final class Box implements Serializable {
    private final Object content;

    Box(Object content) {
      this.content = content;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Box box && content.equals(box.content);
    }

    @Override
    public int hashCode() {
      return content.hashCode();
    }
  }

  static final class Grumpy implements Serializable {
    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeObject("x".repeat(5000));
    }

    private void readObject(ObjectInputStream in) {
      throw new IllegalStateException("grumpy");
    }
  }

  static final class Odd extends RuntimeException {
    private final @Nullable Thread thread;

    Odd(String message, @Nullable Thread thread) {
      super(message);
      this.thread = thread;
    }

    @Nullable Thread thread() {
      return thread;
    }
  }
}
