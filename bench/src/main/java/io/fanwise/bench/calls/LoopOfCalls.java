package io.fanwise.bench.calls;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.DefaultAsyncHttpClient;
import org.asynchttpclient.Dsl;
import org.asynchttpclient.Response;
import org.jspecify.annotations.Nullable;

/// The loop that one would write by hand with the client that pipelines use: each answer is written
/// as it comes, and makes the next call. No journal, no retries, no order; whoever ends it begins
/// anew.
///
/// Safe for use by the client's threads.
final class LoopOfCalls {
  private final URI url;
  private final OutputStream output;
  private final AtomicLong next = new AtomicLong();
  private final AsyncHttpClient client =
      new DefaultAsyncHttpClient(
          Dsl.config()
              .setIoThreadsCount(1)
              .setMaxRequestRetry(0)
              .setRequestTimeout(Duration.ofSeconds(30))
              .build());

  LoopOfCalls(URI url, Path output) throws IOException {
    this.url = url;
    this.output = new BufferedOutputStream(Files.newOutputStream(output), 1 << 16);
  }

  void run(int atOnce) throws InterruptedException {
    for (int i = 0; i < atOnce; i++) {
      call();
    }
    new CountDownLatch(1).await();
  }

  private void call() {
    client
        .prepareGet(url.toString() + next.getAndIncrement())
        .execute()
        .toCompletableFuture()
        .whenComplete(this::take);
  }

  private void take(@Nullable Response response, @Nullable Throwable error) {
    if (response != null) {
      synchronized (output) {
        try {
          output.write(response.getResponseBodyAsBytes());
          output.write('\n');
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    } else {
      System.err.println(error);
    }
    call();
  }
}
