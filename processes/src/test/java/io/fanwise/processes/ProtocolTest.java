package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.work.Outcome;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What somebody can do who speaks to this JVM without being a worker, or as a worker gone mad: no
/// harm.
class ProtocolTest {
  private final Fan fan = Fan.on(Processes.of(2));

  private static SocketChannel visitor() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(Session.current().socket()));
    return channel;
  }

  private static int answer(SocketChannel channel) throws IOException {
    return channel.read(ByteBuffer.allocate(1));
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  // ---- strangers

  @Test
  void onlyTheOwnerMayEnterTheDirectoryOfTheSocket() throws Exception {
    fan.map(List.of(1), i -> i);

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(Session.current().directory())))
        .isEqualTo("rwx------");
  }

  @Test
  void whoDoesNotKnowTheSecretGetsNothing() throws Exception {
    fan.map(List.of(1), i -> i);
    ByteBuffer hello = ByteBuffer.allocate(26).putInt(0x66616e01).putInt(1).put((byte) 1);

    try (SocketChannel visitor = visitor()) {
      visitor.write(hello.clear());

      assertThat(answer(visitor)).isEqualTo(-1);
    }
    assertThat(fan.map(List.of(1, 2), i -> i + 1)).containsExactly(2, 3);
  }

  @Test
  void whoSendsGarbageGetsNothing() throws Exception {
    fan.map(List.of(1), i -> i);

    try (SocketChannel visitor = visitor()) {
      visitor.write(
          ByteBuffer.wrap(
              "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

      assertThat(answer(visitor)).isEqualTo(-1);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset"); // hung up on, with words unread
    }
    assertThat(fan.map(List.of(1, 2), i -> i + 1)).containsExactly(2, 3);
  }

  @Test
  void whoSaysNothingTakesUpNoMoreThanALittleRoom() throws Exception {
    fan.map(List.of(1), i -> i);
    List<SocketChannel> silent = new ArrayList<>();

    for (int i = 0; i < 3 * Door.MOST_STRANGERS; i++) {
      silent.add(visitor());
    }

    assertThat(answer(silent.getFirst())).isEqualTo(-1);
    assertThat(fan.map(Range.of(0, 100), i -> i)).hasSize(100);
    assertThat(Fan.on(Processes.of(1)).map(List.of(1), i -> i)).as("a new worker").hasSize(1);
    assertThat(threads("fan-processes-line")).isLessThan(2 * Door.MOST_STRANGERS);
    for (SocketChannel each : silent) {
      each.close();
    }
    await().until(() -> threads("fan-processes-line") < Door.MOST_STRANGERS / 2);
  }

  // ---- mad workers

  /// A worker whose words are garbled on their way out, from some byte on: put in the place of the
  /// real one by way of the boot class path.
  private static final String MAD =
      """
      package io.fanwise.processes.worker;

      import java.lang.reflect.*;
      import java.nio.ByteBuffer;
      import java.nio.channels.*;
      import java.nio.file.*;

      public class Main {
        static Object make(String name, Object... arguments) throws Exception {
          Class<?> type = Class.forName("io.fanwise.processes.worker." + name, true, ClassLoader.getSystemClassLoader());
          Constructor<?> constructor = type.getDeclaredConstructors()[0];
          constructor.setAccessible(true);
          return constructor.newInstance(arguments);
        }

        static Object call(Object on, Class<?> type, String name, Object... arguments) throws Exception {
          for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
              method.setAccessible(true);
              return method.invoke(on, arguments);
            }
          }
          throw new NoSuchMethodException(name);
        }

        static SocketChannel connect(Path socket, Object parent) throws Exception {
          SocketChannel channel = SocketChannel.open(java.net.StandardProtocolFamily.UNIX);
          channel.connect(java.net.UnixDomainSocketAddress.of(socket));
          return channel;
        }

        public static void main(String[] args) throws Exception {
          byte[] token = System.in.readNBytes(16);
          Path socket = Path.of(args[0]);
          Object parent = make("Parent", socket, Long.parseLong(args[4]), Integer.parseInt(args[1]), token);
          Class<?> control = Class.forName("io.fanwise.processes.worker.Control", true, ClassLoader.getSystemClassLoader());
          Object page = call(null, control, "open", Path.of(args[3]));
          SocketChannel channel = connect(socket, null);
          ByteBuffer hello = ByteBuffer.allocate(26).putInt(0x66616e01).putInt(Integer.parseInt(args[1])).put((byte) 1);
          channel.write(hello.put(token).put((byte) 0).flip());
          Object line = make("Line", garbled(channel));
          Object worker = make("Worker", args[2], line, page, parent);
          call(worker, worker.getClass(), "serve");
        }

        static long written;

        static ByteChannel garbled(SocketChannel channel) {
          long from = Long.getLong("mad.from");
          String how = System.getProperty("mad.how");
          java.util.Random random = new java.util.Random(from);
          return new ByteChannel() {
            public int read(ByteBuffer into) throws java.io.IOException { return channel.read(into); }

            public boolean isOpen() { return channel.isOpen(); }

            public void close() throws java.io.IOException { channel.close(); }

            public int write(ByteBuffer bytes) throws java.io.IOException {
              byte[] all = new byte[bytes.remaining()];
              bytes.get(all);
              for (int i = 0; i < all.length; i++, written++) {
                boolean now = how.equals("flip") ? written == from : written >= from;
                if (now) {
                  switch (how) {
                    case "flip" -> all[i] ^= (byte) (1 << random.nextInt(8));
                    case "zeros" -> all[i] = 0;
                    case "noise" -> all[i] = (byte) random.nextInt();
                    case "ones" -> all[i] = -1;
                    case "end" -> {
                      channel.write(ByteBuffer.wrap(all, 0, i));
                      channel.close();
                      throw new java.io.IOException("mad");
                    }
                    default -> throw new IllegalStateException(how);
                  }
                }
              }
              ByteBuffer out = ByteBuffer.wrap(all);
              while (out.hasRemaining()) {
                channel.write(out);
              }
              return all.length;
            }
          };
        }
      }
      """;

  private static final Map<String, byte[]> MAD_CLASSES =
      Compiled.of("io.fanwise.processes.worker.Main", MAD).classes();

  private static Fan mad(Path place, String how, int from) throws IOException {
    for (Map.Entry<String, byte[]> each : MAD_CLASSES.entrySet()) {
      Path file = place.resolve(each.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, each.getValue());
    }
    return Fan.on(
        Processes.of(1)
            .jvmOptions("-Xbootclasspath/a:" + place, "-Dmad.how=" + how, "-Dmad.from=" + from));
  }

  @Timeout(90) // several JVMs one after the other
  @ParameterizedTest
  @CsvSource({
    "flip, 0",
    "flip, 12",
    "flip, 21",
    "zeros, 5",
    "zeros, 17",
    "noise, 8",
    "noise, 40",
    "ones, 12",
    "end, 3",
    "end, 29"
  })
  void aWorkerThatTalksNonsenseIsEndedAndItsRunGoesToAnEnd(
      String how, int from, @TempDir Path place) throws Exception {
    Fan mad = mad(place, how, from);

    List<Outcome<String, String>> outcomes;
    try (Stream<Outcome<String, String>> all =
        mad.batch(2).outcomes(List.of("a", "b"), s -> s + "!")) {
      outcomes = all.toList();
    } catch (RuntimeException e) {
      assertThat(e).hasStackTraceContaining("a worker JVM ended before it could begin");
      return;
    }

    assertThat(outcomes).hasSize(2);
    for (Outcome<String, String> outcome : outcomes) {
      if (outcome instanceof Outcome.Failed<String, String> failed
          && failed.error() instanceof WorkerLost lost) {
        assertThat(lost.exitCode()).as("not killed by others").isNotEqualTo(OptionalInt.of(137));
      }
    }
    assertThat(fan.map(List.of(1, 2), i -> i + 1)).containsExactly(2, 3);
  }

  @Test
  void aWorkerThatTalksSenseIsNotMad(@TempDir Path place) throws Exception {
    assertThat(mad(place, "flip", 1_000_000).map(List.of("a"), s -> s + "!")).containsExactly("a!");
  }
}
