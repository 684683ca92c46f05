package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.codec.Input;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Line;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// However many class loaders come and go, workers get to know it, and nothing waits for that.
@Timeout(60)
class UnloadedTest {
  private static final Compiled TASK =
      Compiled.of(
          "com.acme.Twice",
          """
          package com.acme;
          public class Twice implements io.fanwise.work.Task<Integer, Integer> {
            public Integer run(Integer x) { return 2 * x; }
          }
          """);

  private final Origins origins = new Origins();
  private final Unloaded unloaded = new Unloaded(origins);
  private Line here;
  private Line there;

  @BeforeEach
  void connect(@TempDir Path place) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(place.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      SocketChannel one = SocketChannel.open(address);
      here = new Line(one);
      there = new Line(server.accept());
    }
  }

  @AfterEach
  void hangUp() throws IOException {
    here.close();
    there.close();
  }

  private void comeAndGo(int many) {
    long before = unloaded.count();
    for (int i = 0; i < many; i++) {
      origins.number(new ClassLoader() {});
    }
    await()
        .until(() -> {
          System.gc();
          return unloaded.count() == before + many;
        });
  }

  private List<Integer> heard() throws IOException {
    assertThat(there.next()).isEqualTo(Frame.UNLOADED);
    Input in = there.content();
    List<Integer> all = new ArrayList<>();
    for (int left = in.i32(); left > 0; left--) {
      all.add(in.i32());
    }
    return all;
  }

  @Test
  void thousandsAreToldAtOnceWithoutAnybodyWhoReads() throws IOException {
    comeAndGo(5000);

    long told = unloaded.tell(here, 0, UnloadedTest::notLarge);
    long again = unloaded.tell(here, told, UnloadedTest::notLarge);

    assertThat(told).isEqualTo(5000).isEqualTo(again);
    assertThat(heard())
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 5000).boxed().toList());
  }

  private static void notLarge() {
    throw new UncheckedIOException(new IOException("it does not fit into one piece"));
  }

  @Test
  void onlySoManyAreRememberedForWorkersThatHaveNotHeardOfThem() throws IOException {
    comeAndGo(1);
    comeAndGo(Unloaded.MOST);

    assertThat(unloaded.tell(here, 0, UnloadedTest::notLarge)).isEqualTo(Unloaded.MOST + 1);
    assertThat(heard()).hasSize(Unloaded.MOST).doesNotContain(1);
  }

  @Test
  @SuppressWarnings("unchecked")
  void aWorkerForgetsHundredsOfLoadersWhileItsResultsAreOnTheirWay() throws Exception {
    Fan fan = Fan.on(Processes.of(1)).batch(1);
    long worker = fan.map(List.of(0), _ -> ProcessHandle.current().pid()).getFirst();
    try (Stream<byte[]> large = fan.stream(Range.of(0, 20), _ -> new byte[1 << 20])) {
      for (int i = 0; i < 400; i++) {
        var twice =
            (Task<Integer, Integer>)
                InMemory.of(TASK).loadClass("com.acme.Twice").getConstructor().newInstance();
        assertThat(twice.run(i)).isEqualTo(2 * i);
        if (i % 40 == 0) {
          assertThat(fan.map(List.of(i), twice)).containsExactly(2 * i);
        } else {
          Abroad.ORIGINS.number(twice.getClass().getClassLoader());
        }
      }
      System.gc();

      assertThat(fan.map(List.of(1), x -> x + 1)).containsExactly(2);
      assertThat(large).hasSize(20);
    }
    assertThat(fan.map(List.of(0), _ -> ProcessHandle.current().pid())).containsExactly(worker);
  }
}
