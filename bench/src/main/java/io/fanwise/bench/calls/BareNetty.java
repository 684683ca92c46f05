package io.fanwise.bench.calls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// The least that calls cost on Netty: a connection for each, its answers parsed and thrown away.
///
/// Safe for use by many threads.
final class BareNetty {
  private final URI url;
  private final AtomicLong next = new AtomicLong();

  BareNetty(URI url) {
    this.url = url;
  }

  void run(int atOnce) throws InterruptedException {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new HttpResponseDecoder(), new Caller());
                  }
                });
    for (int i = 0; i < atOnce; i++) {
      bootstrap.connect(url.getHost(), url.getPort());
    }
    new CountDownLatch(1).await();
  }

  /// Calls again and again on one connection.
  private final class Caller extends SimpleChannelInboundHandler<HttpObject> {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      call(context);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
      if (part instanceof LastHttpContent) {
        call(context);
      }
    }

    private void call(ChannelHandlerContext context) {
      String request =
          "GET %s%d HTTP/1.1\r\nHost: %s\r\n\r\n"
              .formatted(url.getPath(), next.getAndIncrement(), url.getAuthority());
      context.writeAndFlush(Unpooled.wrappedBuffer(request.getBytes(US_ASCII)));
    }
  }
}
