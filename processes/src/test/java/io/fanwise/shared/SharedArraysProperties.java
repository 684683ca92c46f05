package io.fanwise.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// What shared arrays hold is what was put into them.
class SharedArraysProperties {

  @Property(tries = 100)
  void aCopyHoldsWhatTheArrayHolds(
      @ForAll byte[] bytes, @ForAll int[] ints, @ForAll long[] longs, @ForAll double[] doubles) {
    try (var sharedBytes = SharedBytes.copyOf(bytes);
        var sharedInts = SharedInts.copyOf(ints);
        var sharedLongs = SharedLongs.copyOf(longs);
        var sharedDoubles = SharedDoubles.copyOf(doubles)) {

      assertThat(sharedBytes.toArray()).isEqualTo(bytes);
      assertThat(sharedInts.toArray()).isEqualTo(ints);
      assertThat(sharedLongs.toArray()).isEqualTo(longs);
      assertThat(sharedDoubles.toArray()).isEqualTo(doubles);
      assertThat(sharedInts.stream().toArray()).isEqualTo(ints);
      assertThat(sharedLongs.stream().toArray()).isEqualTo(longs);
      assertThat(sharedDoubles.stream().toArray()).isEqualTo(doubles);
    }
  }

  @Property(tries = 100)
  void aSliceOfASliceHoldsWhatAPartOfAPartHolds(
      @ForAll int[] values,
      @ForAll @IntRange(max = 1000) int a,
      @ForAll @IntRange(max = 1000) int b,
      @ForAll @IntRange(max = 1000) int c) {
    int from = a % (values.length + 1);
    int to = from + b % (values.length - from + 1);
    int skipped = c % (to - from + 1);

    try (var shared = SharedInts.copyOf(values);
        var part = shared.slice(from, to);
        var rest = part.slice(skipped, part.size())) {

      assertThat(rest.toArray()).isEqualTo(Arrays.copyOfRange(values, from + skipped, to));
      assertThat(passed(rest).toArray()).isEqualTo(rest.toArray());
      for (int i = 0; i < rest.size(); i++) {
        assertThat(rest.get(i)).isEqualTo(values[from + skipped + i]);
      }
    }
  }

  @Property(tries = 100)
  void whatIsSetIsThere(
      @ForAll long[] values, @ForAll @IntRange(max = 100) int before, @ForAll long one) {
    try (var shared = SharedLongs.create(before + values.length + 1)) {
      shared.set(before, values);
      shared.set(before + values.length, one);

      assertThat(shared.toArray(0, before)).containsOnly(new long[before]);
      assertThat(shared.toArray(before, before + values.length)).isEqualTo(values);
      assertThat(shared.get(before + values.length)).isEqualTo(one);
    }
  }

  @Property(tries = 50)
  void everyArrayOfPrimitivesComesBackFromAStore(
      @ForAll boolean[] booleans,
      @ForAll short[] shorts,
      @ForAll char[] chars,
      @ForAll float[] floats,
      @ForAll double[] doubles) {
    try (var store = new ArrayStore(0)) {
      for (Object array : new Object[] {booleans, shorts, chars, floats, doubles}) {
        byte[] standIn = store.standIn(array);

        assertThat(ArrayStore.restore(standIn)).isEqualTo(array).isNotSameAs(array);
      }
    }
  }

  @Example
  void anArrayLargerThanOneWriteIsWhole() {
    var values = new double[3_000_001]; // 24 MB, in pieces of 4 MB
    Arrays.setAll(values, i -> i * 0.5);

    try (var shared = SharedDoubles.copyOf(values)) {
      assertThat(Arrays.equals(shared.toArray(), values)).isTrue();
    }
  }

  /// As it arrives somewhere else.
  @SuppressWarnings("unchecked")
  static <T> T passed(T value) {
    try {
      var bytes = new ByteArrayOutputStream();
      try (var out = new ObjectOutputStream(bytes)) {
        out.writeObject(value);
      }
      try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        return (T) in.readObject();
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
