package io.fanwise.codec;

import static io.fanwise.codec.Wire.travelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.work.Task;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is one thing when it leaves is one thing when it arrives.
@SuppressWarnings("serial")
class IdentityTest {

  @Test
  void twoReferencesToOneListArriveAsOneList() {
    List<Integer> list = new ArrayList<>(List.of(1));
    int[] numbers = {1};
    Pair pair = new Pair(list, numbers);

    Object[] arrived = travelled(new Object[] {list, numbers, pair, pair});

    assertThat(arrived[2]).isSameAs(arrived[3]);
    assertThat(((Pair) arrived[2]).first()).isSameAs(arrived[0]);
    assertThat(((Pair) arrived[2]).second()).isSameAs(arrived[1]);
  }

  @Test
  void twoValuesOfAFrameMayShare() throws IOException {
    Wire wire = new Wire();
    List<Integer> list = new ArrayList<>(List.of(1));
    wire.encoder().value(list);
    wire.encoder().value(new Holder(list));
    wire.encoder().value(new Pair(list, 1));

    Decoder decoder = wire.decoder();
    Object first = decoder.value();

    assertThat(((Holder) decoder.value()).content).isSameAs(first);
    assertThat(((Pair) decoder.value()).first()).isSameAs(first);
  }

  @Test
  void framesShareNothing() throws IOException {
    Wire wire = new Wire();
    List<Integer> list = new ArrayList<>(List.of(1));
    wire.encoder().value(list);
    wire.encoder().reset();
    wire.encoder().value(list);

    Decoder decoder = wire.decoder();
    Object first = decoder.value();
    decoder.reset();

    assertThat(decoder.value()).isEqualTo(first).isNotSameAs(first);
  }

  @Test
  void plainObjectsAndListsShare() {
    List<Object> list = new ArrayList<>();
    Holder holder = new Holder(list);
    list.add(holder);

    Object[] arrived = travelled(new Object[] {list, holder, new Pair(list, holder)});

    Holder there = (Holder) arrived[1];
    assertThat(there.content).isSameAs(arrived[0]);
    assertThat(((List<?>) arrived[0]).get(0)).isSameAs(there);
    assertThat(((Pair) arrived[2]).first()).isSameAs(arrived[0]);
  }

  @Test
  void whatContainsItselfArrives() {
    List<Object> list = new ArrayList<>();
    Object[] array = {list};
    Map<String, Object> map = new HashMap<>();
    map.put("self", map);
    map.put("array", array);
    list.add(map);

    List<Object> arrived = travelled(list);

    Map<?, ?> there = (Map<?, ?>) arrived.get(0);
    assertThat(there.get("self")).isSameAs(there);
    assertThat(((Object[]) there.get("array"))[0]).isSameAs(arrived);
  }

  @Test
  void aLongArrayArrives() {
    Object[] all = new Object[100_000];
    Arrays.setAll(all, i -> i % 3 == 0 ? null : List.of(i));

    Object[] arrived = travelled(all);

    assertThat(arrived).isEqualTo(all);
  }

  @Test
  void aLongArrayThatContainsItselfIsRefused() {
    Object[] all = new Object[100_000];
    all[7] = all;

    assertThatThrownBy(() -> new Wire().encoder().value(all))
        .isInstanceOf(CannotTravel.class)
        .hasMessageContaining("contains itself");
  }

  @Test
  void aLoopThatFailedIsNotSeenAgain() throws IOException {
    Wire wire = new Wire();
    List<Object> inner = new ArrayList<>();
    List<Object> outer = new ArrayList<>(Arrays.asList(inner, Odd.ONE));
    inner.add(outer);
    wire.encoder().value(outer);
    wire.encoder().value(inner);
    wire.encoder().value(1);
    Passage withoutOdd =
        name -> {
          if (name.equals(Odd.class.getName())) {
            throw new ClassNotFoundException(name);
          }
          return Wire.here().find(name);
        };

    Decoder decoder = wire.decoder(wire.bytes(), withoutOdd);

    assertThatThrownBy(decoder::value).isInstanceOf(CannotTravel.class);
    assertThatThrownBy(decoder::value).isInstanceOf(CannotTravel.class);
    assertThat(decoder.value()).isEqualTo(1);
  }

  @Test
  void capturedValuesShare() throws Exception {
    List<Integer> list = new ArrayList<>();
    List<Integer> same = list;
    Task<Integer, Boolean> task =
        x -> {
          list.add(x);
          return same.size() == 1;
        };

    Task<Integer, Boolean> arrived = travelled(task);

    assertThat(arrived.run(1)).isTrue();
  }

  @Test
  void theClassesThatAreSentAreTold() throws IOException {
    List<Class<?>> told = new ArrayList<>();
    Passage telling =
        new Passage() {
          @Override
          public Class<?> find(String name) throws ClassNotFoundException {
            return Wire.here().find(name);
          }

          @Override
          public void sends(Class<?> type) {
            told.add(type);
          }
        };
    Wire wire = new Wire(1 << 16, telling);
    Task<Integer, Integer> task = x -> x;

    wire.encoder().value(new Pair(Odd.ONE, task));
    wire.encoder().value(new Holder(new Pair[0]));

    assertThat(told)
        .contains(Pair.class, Odd.class, IdentityTest.class, Holder.class)
        .doesNotContain(Carried.class);
  }

  @Test
  void somethingElseMayTravelInThePlaceOfALargeArray() throws IOException {
    Passage sharing = new Sharing();
    Wire wire = new Wire(1 << 16, sharing);
    double[] large = new double[100];
    large[99] = 5;
    double[] small = new double[99];

    wire.encoder().value(new Object[] {large, small, large});
    wire.encoder().value(new Holder(new Holder(large.clone())));

    Decoder decoder = wire.decoder();
    Object[] arrived = (Object[]) decoder.value();
    assertThat(wire.bytes()).hasSizeLessThan(2000);
    assertThat(arrived[0]).isEqualTo(large).isSameAs(arrived[2]);
    assertThat(arrived[1]).isEqualTo(small);
    assertThat(((Holder) ((Holder) decoder.value()).content).content).isEqualTo(large);
  }

  @Test
  void somethingElseMayTravelInThePlaceOfAnObjectOfAPlainClass() throws IOException {
    Wire wire = new Wire(1 << 16, new Sharing());
    Plain plain = new Plain();

    wire.encoder().value(new Pair(plain, List.of(plain)));
    wire.encoder().value(new Pair(plain, new Holder(1)));

    Decoder decoder = wire.decoder();
    Pair arrived = (Pair) decoder.value();
    assertThat(arrived.first()).isSameAs(plain);
    assertThat((List<?>) arrived.second()).first().isSameAs(plain);
    Pair withOthers = (Pair) decoder.value();
    assertThat(withOthers.first()).as("in an object stream").isInstanceOf(Plain.class);
    assertThat(((Holder) withOthers.second()).content).isEqualTo(1);
  }

  static final class Plain implements Serializable {}

  record Pair(Object first, Object second) {}

  enum Odd {
    ONE
  }

  static final class Holder implements Serializable {
    final Object content;

    Holder(Object content) {
      this.content = content;
    }
  }

  record Slot(int index) {}

  private static final class Sharing implements Passage {
    private final List<Object> shared = new ArrayList<>();

    @Override
    public Class<?> find(String name) throws ClassNotFoundException {
      return Wire.here().find(name);
    }

    @Override
    public int threshold() {
      return 800;
    }

    @Override
    public @Nullable Object standIn(Object value) {
      if (value instanceof Holder) {
        return null;
      }
      shared.add(value);
      return new Slot(shared.size() - 1);
    }

    @Override
    public Object restore(Object standIn) {
      Object found = shared.get(((Slot) standIn).index());
      return found instanceof double[] array ? array.clone() : found;
    }
  }
}
