package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.TaskFailed;
import io.fanwise.work.Serializer;
import java.util.List;
import java.util.Locale;
import org.apache.fory.Fory;
import org.apache.fory.ThreadSafeFory;
import org.junit.jupiter.api.Test;

/// Objects of plain classes may travel in another way than by the JDK's serialization.
class SerializerTest {

  /// Apache Fory: made when it is first needed, in each JVM.
  record ByFory() implements Serializer {
    private static final class Once {
      private static final ThreadSafeFory FORY =
          Fory.builder()
              .withXlang(false)
              .requireClassRegistration(false)
              .withRefTracking(true)
              .buildThreadSafeFory();
    }

    @Override
    public byte[] write(Object value) {
      return Once.FORY.serialize(value);
    }

    @Override
    public Object read(byte[] bytes, ClassLoader loader) {
      return Once.FORY.deserialize(bytes);
    }
  }

  /// Writes nothing.
  record Refusing() implements Serializer {
    @Override
    public byte[] write(Object value) {
      throw new UnsupportedOperationException("not today");
    }

    @Override
    public Object read(byte[] bytes, ClassLoader loader) {
      throw new UnsupportedOperationException("nor ever");
    }
  }

  static class NotSerializable {
    String name = "";
    List<Integer> numbers = List.of();

    static NotSerializable of(String name, Integer... numbers) {
      NotSerializable made = new NotSerializable();
      made.name = name;
      made.numbers = List.of(numbers);
      return made;
    }
  }

  @Test
  void whatIsNotSerializableTravelsBySomethingElse() {
    Fan fan = Fan.on(Processes.of(1).serializer(new ByFory()));
    List<NotSerializable> inputs =
        List.of(NotSerializable.of("one", 1, 2), NotSerializable.of("two"));

    List<NotSerializable> results =
        fan.map(
            inputs, it -> NotSerializable.of(it.name.toUpperCase(Locale.ROOT), it.numbers.size()));

    assertThat(results).extracting(it -> it.name).containsExactly("ONE", "TWO");
    assertThat(results).extracting(it -> it.numbers).containsExactly(List.of(2), List.of(0));
  }

  @Test
  void stringsAndRecordsDoNotNeedIt() {
    Fan fan = Fan.on(Processes.of(1).serializer(new Refusing()));
    record Point(int x, int y) {}

    assertThat(fan.map(List.of("a", "b"), s -> new Point(s.length(), 0)))
        .containsExactly(new Point(1, 0), new Point(1, 0));
  }

  @Test
  void whatItRefusesFailsWithItsWords() {
    Fan fan = Fan.on(Processes.of(1).serializer(new Refusing()));
    List<NotSerializable> inputs = List.of(NotSerializable.of("one"));

    assertThatThrownBy(() -> fan.map(inputs, it -> it.name))
        .isInstanceOf(TaskFailed.class)
        .hasMessageContaining("cannot write")
        .rootCause()
        .hasMessage("not today");
  }
}
