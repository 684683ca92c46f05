package io.fanwise.http;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets the first call of a server that may speak HTTP/2 go ahead alone, until it is sent: those
/// that come meanwhile would open connections of their own, where one would do for all. Safe for
/// use by many threads.
final class Introductions {
  /// A list of URLs may have a server for each; those that were introduced may be so again.
  private static final int MOST = 4_096;

  private final Map<String, CountDownLatch> servers = new ConcurrentHashMap<>();

  /// Waits while another call is the first.
  ///
  /// @return what to do as soon as this call is sent, or has failed
  Runnable await(URI url, long deadline) throws InterruptedException {
    String server = url.getRawAuthority();
    CountDownLatch there = servers.get(server);
    if (there == null) {
      if (servers.size() >= MOST) {
        servers.values().removeIf(open -> open.getCount() == 0);
      }
      CountDownLatch own = new CountDownLatch(1);
      there = servers.putIfAbsent(server, own);
      if (there == null) {
        return own::countDown;
      }
    }
    boolean open = there.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    return open ? () -> {} : there::countDown; // whoever is late finds out itself, when it is sent
  }

  /// The next call goes ahead alone again.
  void forget(URI url) {
    servers.remove(url.getRawAuthority());
  }
}
