package io.fanwise.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.asynchttpclient.AsyncHandler;
import org.asynchttpclient.HttpResponseBodyPart;
import org.asynchttpclient.HttpResponseStatus;
import org.asynchttpclient.ListenableFuture;
import org.asynchttpclient.netty.request.NettyRequest;
import org.jspecify.annotations.Nullable;

/// One request and what comes back for it.
///
/// Written by the thread that receives, and read by the one that waits when all has come, apart
/// from the volatile fields, which the timer's thread reads too.
final class Exchange implements AsyncHandler<Reply>, TimerTask {

  // CONNECTING ──▶ SENT ──▶ ANSWERING ──▶ OVER      (OVER from any state, when it fails)
  private enum Phase {
    CONNECTING,
    SENT,
    ANSWERING,
    OVER
  }

  private final Keeping keeping;
  private final Timeouts timeouts;
  private final Timer timer;
  private final long deadline;
  private final Runnable introduced;

  private volatile Phase phase = Phase.CONNECTING;
  private volatile long lastHeard;
  private volatile boolean pooled;
  private volatile @Nullable InetSocketAddress address;
  private volatile @Nullable String lateness;
  private volatile @Nullable ListenableFuture<Reply> future;
  private volatile @Nullable Timeout alarm;

  private volatile boolean sent;
  private volatile boolean heard;
  private int status;
  private Headers headers = new Headers(List.of());
  private byte[] body = new byte[0];
  private int kept;
  private long size;
  private volatile @Nullable Saving saving;
  private volatile @Nullable Throwable failure;

  Exchange(Keeping keeping, Timeouts timeouts, Timer timer, long deadline, Runnable introduced) {
    this.keeping = keeping;
    this.timeouts = timeouts;
    this.timer = timer;
    this.deadline = deadline;
    this.introduced = introduced;
    this.lastHeard = System.nanoTime();
  }

  /// Ends the call when it takes too long.
  void watch(ListenableFuture<Reply> call) {
    future = call;
    arm(System.nanoTime());
  }

  private void arm(long now) {
    long nanos = Math.max(1, Math.min(untilLate(now), deadline - now));
    alarm = timer.newTimeout(this, nanos, TimeUnit.NANOSECONDS);
  }

  /// How long nothing can be too late, whatever happens meanwhile: the next phase may begin now.
  private long untilLate(long now) {
    long firstByte = timeouts.firstByte().toNanos();
    long between = timeouts.between().toNanos();
    long quiet = now - lastHeard;
    return switch (phase) {
      case CONNECTING -> Math.min(firstByte, between);
      case SENT -> Math.min(firstByte - quiet, between);
      case ANSWERING, OVER -> between - quiet;
    };
  }

  @Override
  public void run(Timeout timeout) {
    if (phase == Phase.OVER) {
      return;
    }
    long now = System.nanoTime();
    String late = late(now);
    if (late == null) {
      arm(now);
      return;
    }
    lateness = late;
    end();
  }

  /// Ends the call. Before it is sent, the connection it is given may be that of others: HTTP/2.
  void end() {
    ListenableFuture<Reply> call = future;
    if (call == null) {
      return;
    }
    if (sent) {
      call.cancel(true);
    } else {
      call.abort(new CancellationException("ended before it was sent"));
    }
  }

  private @Nullable String late(long now) {
    if (now - deadline >= 0) {
      return "no whole answer within " + Timeouts.text(timeouts.whole()) + " (timeout whole)";
    }
    long quiet = now - lastHeard;
    if (phase == Phase.SENT && quiet >= timeouts.firstByte().toNanos()) {
      return "no answer within " + Timeouts.text(timeouts.firstByte()) + " (timeout firstByte)";
    }
    if (phase == Phase.ANSWERING && quiet >= timeouts.between().toNanos()) {
      return "the answer stopped for " + Timeouts.text(timeouts.between()) + " (timeout between)";
    }
    return null;
  }

  @Override
  public void onConnectionPooled(Channel connection) {
    pooled = true;
  }

  @Override
  public void onTcpConnectAttempt(InetSocketAddress remote) {
    address = remote;
  }

  @Override
  public void onRequestSend(NettyRequest request) {
    lastHeard = System.nanoTime();
    sent = true;
    phase = Phase.SENT;
    introduced.run();
  }

  @Override
  public AsyncHandler.State onStatusReceived(HttpResponseStatus received) {
    lastHeard = System.nanoTime();
    heard = true;
    phase = Phase.ANSWERING;
    status = received.getStatusCode();
    return AsyncHandler.State.CONTINUE;
  }

  @Override
  public AsyncHandler.State onHeadersReceived(HttpHeaders received) throws IOException {
    List<String> all = new ArrayList<>(2 * received.size());
    for (Map.Entry<String, String> each : received) {
      all.add(each.getKey());
      all.add(each.getValue());
    }
    headers = new Headers(all);
    Path file = keeping.file();
    if (file != null && keeping.good().test(status)) {
      saving = Saving.to(file);
    }
    return AsyncHandler.State.CONTINUE;
  }

  @Override
  public AsyncHandler.State onBodyPartReceived(HttpResponseBodyPart part) throws IOException {
    lastHeard = System.nanoTime();
    ByteBuf bytes = part.getBodyByteBuf();
    int length = bytes.readableBytes();
    size += length;
    if (size > keeping.limit()) {
      throw new TooLarge(
          "the body has more than %,d bytes: allow more by limit".formatted(keeping.limit()));
    }
    Saving target = saving;
    if (target != null) {
      target.write(bytes.nioBuffer());
    } else {
      keep(bytes, keeping.good().test(status) ? length : Math.min(length, Keeping.EXCERPT - kept));
    }
    return AsyncHandler.State.CONTINUE;
  }

  private void keep(ByteBuf bytes, int length) {
    if (body.length < kept + length) {
      body = Arrays.copyOf(body, kept == 0 ? length : Math.max(2 * body.length, kept + length));
    }
    bytes.getBytes(bytes.readerIndex(), body, kept, length);
    kept += length;
  }

  @Override
  public void onThrowable(Throwable thrown) {
    phase = Phase.OVER;
    failure = thrown;
  }

  @Override
  public Reply onCompleted() {
    phase = Phase.OVER;
    byte[] whole = kept == body.length ? body : Arrays.copyOf(body, kept);
    return new Reply(status, headers, whole, size, null);
  }

  /// The file of a body that has come whole, in its place.
  @Nullable Path saved() throws IOException {
    Saving target = saving;
    return target == null ? null : target.finish();
  }

  /// Leaves no part of a file behind.
  void close() throws IOException {
    phase = Phase.OVER;
    Timeout set = alarm;
    if (set != null) {
      set.cancel(); // or it would hold the answer until it is due
    }
    Saving target = saving;
    if (target != null) {
      target.close();
    }
  }

  /// Whether the server had closed the connection before it knew of the request.
  boolean stale() {
    return pooled && !heard && lateness == null;
  }

  boolean sent() {
    return sent;
  }

  boolean heard() {
    return heard;
  }

  Optional<String> lateness() {
    return Optional.ofNullable(lateness);
  }

  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /// The last address that was tried: `127.0.0.1:80`.
  String address() {
    InetSocketAddress tried = address;
    return tried == null || tried.getAddress() == null
        ? ""
        : " (%s:%d)".formatted(tried.getAddress().getHostAddress(), tried.getPort());
  }

  /// A body is larger than anybody wants.
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(String message) {
      super(message);
    }
  }
}
