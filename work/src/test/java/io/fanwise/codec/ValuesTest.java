package io.fanwise.codec;

import static io.fanwise.codec.Wire.travelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fanwise.work.Task;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of value, there and back.
class ValuesTest {

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("true", true),
        arguments("false", false),
        arguments("byte", (byte) -1),
        arguments("short", Short.MIN_VALUE),
        arguments("char", '\uffff'),
        arguments("int", Integer.MIN_VALUE),
        arguments("long", Long.MAX_VALUE),
        arguments("float", -0.0f),
        arguments("double", -0.0),
        arguments("empty string", ""),
        arguments("latin-1", "h\u00e9llo"),
        arguments("utf-16", "\u4f60\u597d \ud83d\ude80"),
        arguments("half a surrogate pair", "\ud83d"),
        arguments("long string", "x".repeat(1_000_000)),
        arguments("long utf-16", "\u597d".repeat(100_001)),
        arguments("BigInteger", BigInteger.TWO.pow(1000).negate()),
        arguments("BigDecimal", new BigDecimal("-1.500")),
        arguments("enum", Colour.RED),
        arguments("enum with a body", Colour.GREEN),
        arguments("class", String.class),
        arguments("primitive class", int.class),
        arguments("array class", int[][].class),
        arguments("class of an object array", Point[].class),
        arguments("booleans", new boolean[] {true, false}),
        arguments("bytes", new byte[] {1, -1}),
        arguments("shorts", new short[] {1, -1}),
        arguments("chars", new char[] {'a', '\uffff'}),
        arguments("ints", new int[] {1, -1}),
        arguments("longs", new long[] {1, -1}),
        arguments("floats", new float[] {1, -1}),
        arguments("doubles", new double[] {1, -0.0}),
        arguments("no ints", new int[0]),
        arguments("strings", new String[] {"a", null}),
        arguments("objects", new Object[] {1, "a", new int[] {3}}),
        arguments("rows", new int[][] {{1}, {}, {2, 3}}),
        arguments("points", new Point[] {new Point(1, 2), null}),
        arguments("record", new Point(1, 2)),
        arguments("generic record", new Pair<>("a", List.of(1))),
        arguments("record that is serializable", new Tagged("a", 1)),
        arguments("private record in records", new Pair<>(new Hidden(1), new Hidden(2))),
        arguments("empty record", new Nothing()),
        arguments("ArrayList", new ArrayList<>(Arrays.asList(1, null, "a"))),
        arguments("LinkedList", linked()),
        arguments("HashMap", new HashMap<>(Map.of("a", 1))),
        arguments("LinkedHashMap", new LinkedHashMap<>(Map.of("a", 1, "b", 2))),
        arguments("TreeMap", new TreeMap<>(Map.of("a", 1, "b", 2))),
        arguments("ConcurrentHashMap", new ConcurrentHashMap<>(Map.of("a", 1))),
        arguments("EnumMap", new EnumMap<>(Map.of(Colour.RED, 1))),
        arguments("empty EnumMap", new EnumMap<Colour, String>(Colour.class)),
        arguments("HashSet", new HashSet<>(List.of(1, 2))),
        arguments("LinkedHashSet", new LinkedHashSet<>(List.of(2, 1))),
        arguments("TreeSet", new TreeSet<>(List.of(2, 1))),
        arguments("EnumSet", EnumSet.of(Colour.GREEN)),
        arguments("empty EnumSet", EnumSet.noneOf(Colour.class)),
        arguments("List.of", List.of()),
        arguments("List.of one", List.of(1)),
        arguments("List.of two", List.of(1, 2)),
        arguments("List.of three", List.of(1, 2, 3)),
        arguments("toList with nulls", Stream.of(1, null).toList()),
        arguments("Set.of", Set.of()),
        arguments("Set.of one", Set.of(1)),
        arguments("Set.of three", Set.of(1, 2, 3)),
        arguments("Map.of", Map.of()),
        arguments("Map.of one", Map.of(1, "a")),
        arguments("Map.of two", Map.of(1, "a", 2, "b")),
        arguments("Arrays.asList", Arrays.asList(1, null)),
        arguments("emptyList", Collections.emptyList()),
        arguments("emptySet", Collections.emptySet()),
        arguments("emptyMap", Collections.emptyMap()),
        arguments("singletonList", Collections.singletonList(null)),
        arguments("singleton", Collections.singleton(1)),
        arguments("singletonMap", Collections.singletonMap(1, null)),
        arguments("unmodifiableList", Collections.unmodifiableList(new ArrayList<>(List.of(1)))),
        arguments("Optional", Optional.of("a")),
        arguments("empty Optional", Optional.empty()),
        arguments("OptionalInt", OptionalInt.of(1)),
        arguments("OptionalLong", OptionalLong.empty()),
        arguments("OptionalDouble", OptionalDouble.of(1)),
        arguments("Duration", Duration.ofNanos(-1)),
        arguments("Instant", Instant.EPOCH.minusNanos(1)),
        arguments("LocalDate", LocalDate.of(2024, 2, 29)),
        arguments("earliest LocalDate", LocalDate.MIN),
        arguments("LocalTime", LocalTime.MAX),
        arguments("LocalDateTime", LocalDateTime.MAX),
        arguments("ZoneOffset", ZoneOffset.ofHours(-3)),
        arguments("ZoneId", ZoneId.of("Europe/Berlin")),
        arguments("OffsetDateTime", OffsetDateTime.MIN),
        arguments("ZonedDateTime", hourThatCameTwice()),
        arguments("Period", Period.of(1, -2, 3)),
        arguments("Year", Year.of(-1)),
        arguments("YearMonth", YearMonth.of(2024, 12)),
        arguments("DayOfWeek", DayOfWeek.MONDAY),
        arguments("UUID", new UUID(1, -1)),
        arguments("URI", URI.create("http://example.org/a?b#c")),
        arguments("Path", Path.of("a", "b")),
        arguments("BitSet", BitSet.valueOf(new long[] {5, 1})),
        arguments("Locale", Locale.FRANCE),
        arguments("plain object", new Plain("a")),
        arguments("plain object in a record", new Pair<>(new Plain("a"), Optional.of(1))),
        arguments("a record in a plain object", new Plain(new Point(1, 2))),
        arguments("a large array in a plain object", new Plain(new long[300_000])),
        arguments("a path in a plain object", new Plain(Path.of("a"))));
  }

  @SuppressWarnings("JdkObsolete") // people have them
  private static List<Integer> linked() {
    return new LinkedList<>(List.of(1, 2));
  }

  private static ZonedDateTime hourThatCameTwice() {
    LocalDateTime local = LocalDateTime.of(2024, 10, 27, 2, 30);
    return ZonedDateTime.ofLocal(local, ZoneId.of("Europe/Berlin"), ZoneOffset.ofHours(1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void everyKindOfValueArrivesAsItself(String kind, Object value) {
    Object arrived = travelled(value);

    assertThat(arrived).isExactlyInstanceOf(value.getClass());
    assertThat(arrived).usingRecursiveComparison().isEqualTo(value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void everyKindOfValueFitsThroughTheSmallestBuffer(String kind, Object value) throws IOException {
    Wire wire = new Wire(64, Wire.here());

    wire.encoder().value(value);

    assertThat(wire.decoder().value()).usingRecursiveComparison().isEqualTo(value);
  }

  @Test
  void nullArrivesAsNull() {
    Object arrived = travelled(null);

    assertThat(arrived).isNull();
  }

  @Test
  void numbersKeepTheirBits() {
    double odd = Double.longBitsToDouble(0x7ff8_0000_0000_0042L);

    Double arrived = travelled(odd);

    assertThat(Double.doubleToRawLongBits(arrived)).isEqualTo(0x7ff8_0000_0000_0042L);
  }

  @Test
  void aDequeKeepsItsOrder() {
    ArrayDeque<Integer> deque = new ArrayDeque<>(List.of(1, 2, 3));

    ArrayDeque<Integer> arrived = travelled(deque);

    assertThat(arrived).containsExactly(1, 2, 3);
  }

  @Test
  void sortedCollectionsKeepTheirComparator() {
    TreeMap<String, Integer> map = new TreeMap<>(Comparator.reverseOrder());
    map.putAll(Map.of("a", 1, "b", 2));
    TreeSet<String> set =
        new TreeSet<>(
            Comparator.comparingInt((ToIntFunction<String> & Serializable) String::length));
    set.addAll(List.of("long", "s"));

    TreeMap<String, Integer> sameMap = travelled(map);
    TreeSet<String> sameSet = travelled(set);

    assertThat(sameMap.firstKey()).isEqualTo("b");
    assertThat(sameSet.first()).isEqualTo("s");
  }

  @Test
  void aSubListArrivesAsAListOfItsOwn() {
    List<Integer> view = new ArrayList<>(List.of(1, 2, 3)).subList(1, 3);

    List<Integer> arrived = travelled(view);

    assertThat(arrived).isExactlyInstanceOf(ArrayList.class).containsExactly(2, 3);
  }

  @Test
  void aListOfAKindOfItsOwnDoesNotTurnIntoItsBaseClass() {
    Object arrived = travelled(new Named("mine", List.of(1, 2)));

    assertThat(arrived).isExactlyInstanceOf(Named.class).isEqualTo(List.of(1, 2));
    assertThat(((Named) arrived).name).isEqualTo("mine");
  }

  @Test
  void lambdasArriveWithWhatTheyCapture() throws Exception {
    int k = 5;
    List<String> words = List.of("a", "b");
    Task<Integer, String> task = x -> words.get(x) + k;

    Task<Integer, String> arrived = travelled(task);

    assertThat(arrived.run(1)).isEqualTo("b5");
  }

  @Test
  void lambdasMayCaptureWhatIsOnlySerializable() throws Exception {
    AtomicLong start = new AtomicLong(7);
    Point point = new Point(1, 2);
    Task<Integer, Long> task = x -> start.get() + x + point.x();

    Task<Integer, Long> arrived = travelled(task);

    assertThat(arrived.run(1)).isEqualTo(9);
  }

  @Test
  void methodReferencesArrive() throws Exception {
    Task<String, Integer> unbound = String::length;
    Task<String, String> bound = "prefix-"::concat;
    Task<String, Plain> made = Plain::new;

    Task<String, Integer> sameUnbound = travelled(unbound);
    Task<String, String> sameBound = travelled(bound);
    Task<String, Plain> sameMade = travelled(made);

    assertThat(sameUnbound.run("abc")).isEqualTo(3);
    assertThat(sameBound.run("a")).isEqualTo("prefix-a");
    assertThat(sameMade.run("a").content).isEqualTo("a");
  }

  @Test
  void anonymousClassesArrive() throws Exception {
    Task<Integer, Integer> task = anonymous(3);

    Task<Integer, Integer> arrived = travelled(task);

    assertThat(arrived.run(1)).isEqualTo(4);
  }

  @Test
  void proxiesArrive() {
    Object proxy =
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Greeting.class}, new Greeter("hello"));

    Greeting arrived = travelled(proxy);

    assertThat(arrived.greet()).isEqualTo("hello");
  }

  interface Greeting {
    String greet();
  }

  record Greeter(String word) implements InvocationHandler, Serializable {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      return word;
    }
  }

  @Test
  void aRecordThatSaysWhatStandsInForItIsAsked() {
    Object arrived = travelled(new Disguised(3));

    assertThat(arrived).isEqualTo(List.of(3));
  }

  record Disguised(int value) implements Serializable {
    private Object writeReplace() {
      return List.of(value);
    }
  }

  private static Task<Integer, Integer> anonymous(int k) {
    return new Task<>() {
      @Override
      public Integer run(Integer x) {
        return x + k;
      }
    };
  }

  enum Colour {
    RED,
    GREEN {
      @Override
      boolean soft() {
        return true;
      }
    };

    boolean soft() {
      return false;
    }
  }

  record Point(int x, long y) {}

  record Pair<A, B>(A first, B second) {}

  record Tagged(String tag, int value) implements Serializable {}

  private record Hidden(int value) {}

  record Nothing() {}

  static final class Named extends ArrayList<Integer> {
    private static final long serialVersionUID = 1;
    private final String name;

    Named(String name, List<Integer> all) {
      super(all);
      this.name = name;
    }
  }

  @SuppressWarnings("serial")
  static final class Plain implements Serializable {
    private static final long serialVersionUID = 1;
    final Object content;

    Plain(Object content) {
      this.content = content;
    }
  }
}
