package io.fanwise.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Whatever is sent arrives; whatever else arrives does no harm.
@SuppressWarnings("serial")
class CodecProperties {

  @Property(tries = 200)
  void whateverIsSentArrives(
      @ForAll("frames") List<Object> values, @ForAll @IntRange(min = 64, max = 5000) int capacity)
      throws IOException {
    byte[] bytes = sent(values, capacity);

    Object[] arrived =
        new Decoder(Wire.input(bytes, capacity), Wire.here())
            .values(values.size(), CodecProperties::never);

    assertThat(arrived).usingRecursiveComparison().isEqualTo(values.toArray());
  }

  @Property(tries = 1000)
  void randomBytesAreRefused(@ForAll @Size(max = 200) byte[] bytes) {
    read(bytes, 50);
  }

  @Property(tries = 1000)
  void tagsWithRandomBytesBehindThemAreRefused(
      @ForAll @IntRange(min = 0, max = 100) int tag, @ForAll @Size(max = 100) byte[] bytes) {
    byte[] all = new byte[bytes.length + 1];
    all[0] = (byte) tag;
    System.arraycopy(bytes, 0, all, 1, bytes.length);

    read(all, 50);
  }

  @Property(tries = 1000)
  void whatEndsTooEarlyIsRefused(@ForAll("frames") List<Object> values, @ForAll int cut)
      throws IOException {
    byte[] bytes = sent(values, 1 << 12);

    read(Arrays.copyOf(bytes, Math.floorMod(cut, bytes.length + 1)), values.size());
  }

  @Property(tries = 1000)
  void whatIsDamagedDoesNoHarm(
      @ForAll("frames") List<Object> values, @ForAll int place, @ForAll byte damage)
      throws IOException {
    byte[] bytes = sent(values, 1 << 12);
    if (bytes.length > 0) {
      bytes[Math.floorMod(place, bytes.length)] ^= damage;
    }

    read(bytes, values.size());
  }

  @Property(tries = 200)
  void bytesThatAreAllHereNeedNoBuffer(@ForAll("frames") List<Object> values) throws IOException {
    byte[] bytes = sent(values, 1 << 12);

    Object[] arrived =
        new Decoder(Input.of(bytes), Wire.here()).values(values.size(), CodecProperties::never);

    assertThat(arrived).usingRecursiveComparison().isEqualTo(values.toArray());
  }

  /// Either it is read, or refused by an exception that is meant for it.
  private static void read(byte[] bytes, int count) {
    try {
      new Decoder(Wire.input(bytes, 256), Wire.here())
          .values(count, (index, why) -> "refused " + index);
    } catch (MalformedFrame | EOFException e) {
      assertThat(e).hasMessageNotContaining("null");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sent(List<Object> values, int capacity) throws IOException {
    Wire wire = new Wire(capacity, Wire.here());
    wire.encoder().values(values.toArray(), 0, values.size(), CodecProperties::never);
    return wire.bytes();
  }

  private static Object never(int index, CannotTravel why) {
    throw new AssertionError("value " + index, why);
  }

  @Provide
  Arbitrary<List<Object>> frames() {
    return value().list().ofMaxSize(12);
  }

  private static Arbitrary<Object> value() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.integers().map(Object.class::cast),
            Arbitraries.longs().map(Object.class::cast),
            Arbitraries.doubles().map(Object.class::cast),
            Arbitraries.strings().ofMaxLength(40).map(Object.class::cast),
            Arbitraries.strings().ascii().ofMaxLength(400).map(Object.class::cast),
            Arbitraries.of(Arrays.asList(null, true, 'c', (short) 3, Colour.RED, Colour.BLUE)),
            Arbitraries.of(int.class, Colour.class, Map[].class).map(Object.class::cast),
            Arbitraries.create(() -> new UUID(1, 2)).map(Object.class::cast),
            Arbitraries.longs()
                .between(0, 1L << 40)
                .map(Instant::ofEpochMilli)
                .map(Object.class::cast),
            Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(30).negate(), BigInteger.TEN.pow(30))
                .map(Object.class::cast),
            Arbitraries.integers().array(int[].class).ofMaxSize(50).map(Object.class::cast));
    return Arbitraries.recursive(() -> leaf, CodecProperties::around, 0, 3);
  }

  private static Arbitrary<Object> around(Arbitrary<Object> inner) {
    Arbitrary<List<Object>> some = inner.list().ofMaxSize(5);
    return Arbitraries.oneOf(
        some.map(ArrayList::new).map(Object.class::cast),
        some.map(Collections::unmodifiableList).map(Object.class::cast),
        some.filter(all -> !all.contains(null)).map(List::copyOf).map(Object.class::cast),
        some.map(all -> new HashSet<>(hashed(all))).map(Object.class::cast),
        some.map(CodecProperties::map).map(Object.class::cast),
        some.map(all -> new TreeMap<>(Map.of("a", hashed(all)))).map(Object.class::cast),
        inner.map(Optional::ofNullable).map(Object.class::cast),
        inner.map(part -> new Nest(part, 1)).map(Object.class::cast),
        inner.map(Plain::new).map(Object.class::cast));
  }

  private static Map<Object, Object> map(List<Object> all) {
    Map<Object, Object> map = all.size() % 2 == 0 ? new HashMap<>() : new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      map.put("k" + i, all.get(i));
    }
    return map;
  }

  private static List<Object> hashed(List<Object> all) {
    return all.stream().filter(each -> each instanceof String || each instanceof Number).toList();
  }

  enum Colour {
    RED,
    BLUE {}
  }

  record Nest(Object inner, int number) {}

  static final class Plain implements Serializable {
    private final Object content;

    Plain(Object content) {
      this.content = content;
    }

    @Override
    public String toString() {
      return "plain " + content;
    }
  }
}
