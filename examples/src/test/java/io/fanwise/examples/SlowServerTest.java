package io.fanwise.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowServerTest {
  private static final SlowServer.Manners FAST = SlowServer.Manners.delayed(Duration.ZERO);

  private static HttpResponse<String> get(HttpClient client, SlowServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void itAnswersWithTheNumberItIsAskedFor() throws Exception {
    try (SlowServer server = SlowServer.start(0, FAST, 1);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = get(client, server, "/items/17?x=1");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).startsWith("{\"id\":17,").hasSizeBetween(190, 220);
      assertThat(get(client, server, "/stats").body()).contains("\"answered\":1,");
    }
  }

  @Test
  void aBodyIsReadAndForgotten() throws Exception {
    try (SlowServer server =
            SlowServer.start(0, SlowServer.Manners.delayed(Duration.ofMillis(5)), 1);
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/items/3");
      HttpRequest post =
          HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("x".repeat(100_000))).build();

      for (int i = 0; i < 3; i++) {
        assertThat(client.send(post, BodyHandlers.ofString()).body()).startsWith("{\"id\":3,");
      }
    }
  }

  @Test
  void aboveItsRateItRefuses() throws Exception {
    SlowServer.Manners limited = new SlowServer.Manners(Duration.ZERO, Duration.ZERO, 0, 0, 10, 0);
    try (SlowServer server = SlowServer.start(0, limited, 1);
        HttpClient client = HttpClient.newHttpClient()) {
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        statuses.add(get(client, server, "/" + i).statusCode());
      }

      assertThat(statuses).contains(200, 429);
      assertThat(server.refused()).isPositive();
    }
  }

  @Test
  void itFailsAndDropsAsOftenAsItIsTold() throws Exception {
    SlowServer.Manners failing = new SlowServer.Manners(Duration.ZERO, Duration.ZERO, 1, 0, 0, 0);
    SlowServer.Manners dropping = new SlowServer.Manners(Duration.ZERO, Duration.ZERO, 0, 1, 0, 0);
    try (SlowServer fails = SlowServer.start(0, failing, 1);
        SlowServer drops = SlowServer.start(0, dropping, 1);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(get(client, fails, "/1").statusCode()).isEqualTo(503);
      assertThatThrownBy(() -> get(client, drops, "/1")).isInstanceOf(IOException.class);
    }
  }
}
