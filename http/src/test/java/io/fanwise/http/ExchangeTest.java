package io.fanwise.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.asynchttpclient.ListenableFuture;
import org.junit.jupiter.api.Test;

class ExchangeTest {

  /// A moment that never comes.
  private record Due(Timer timer, TimerTask task) implements Timeout {
    @Override
    public boolean isExpired() {
      return false;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean cancel() {
      return true;
    }
  }

  /// Notes what it is asked for, and lets no time pass.
  private static final class Noting implements Timer {
    private final List<Duration> delays = new ArrayList<>();

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
      delays.add(Duration.of(delay, unit.toChronoUnit()));
      return new Due(this, task);
    }

    @Override
    public Set<Timeout> stop() {
      return Set.of();
    }
  }

  @Test
  void anAnswerIsMissedWhenItsTimeIsOverAndNotALookLater() {
    Duration firstByte = Duration.ofHours(1);
    Timeouts timeouts = Timeouts.standard().firstByte(firstByte).between(Duration.ofHours(2));
    Noting timer = new Noting();
    long far = System.nanoTime() + Duration.ofDays(1).toNanos();
    Exchange exchange =
        new Exchange(new Keeping(1, _ -> true, null), timeouts, timer, far, () -> {});

    exchange.watch(new ListenableFuture.CompletedFailure<>(new IOException("not sent")));
    exchange.onRequestSend(null); // nobody can make a request of Netty's
    exchange.run(timer.newTimeout(exchange, 0, TimeUnit.NANOSECONDS));

    assertThat(timer.delays.getFirst()).isEqualTo(firstByte);
    assertThat(timer.delays.getLast()).isLessThan(firstByte);
  }
}
