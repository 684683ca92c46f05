package io.fanwise.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A server that speaks HTTP/2 only, with or without TLS, and answers with the path it is asked
/// for.
final class Http2Server implements AutoCloseable {
  private static final int MANY = 100;

  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final Channel channel;
  private final String scheme;

  private Http2Server(@Nullable SslContext tls, int streams) throws InterruptedException {
    scheme = tls == null ? "http" : "https";
    channel =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel connection) {
                    connections.incrementAndGet();
                    if (tls != null) {
                      connection.pipeline().addLast(tls.newHandler(connection.alloc()));
                    }
                    connection
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer()
                                .initialSettings(
                                    Http2Settings.defaultSettings().maxConcurrentStreams(streams))
                                .build(),
                            new Http2MultiplexHandler(new Stream()));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
  }

  static Http2Server plain() throws Exception {
    return new Http2Server(null, MANY);
  }

  static Http2Server secure(Certificates own) throws Exception {
    return new Http2Server(tls(own).build(), MANY);
  }

  /// One that works at one call at a time, and takes half a second for `/slow`.
  static Http2Server oneByOne() throws Exception {
    return new Http2Server(null, 1);
  }

  /// One that asks who is calling.
  static Http2Server secureFor(Certificates own, Path callers) throws Exception {
    return new Http2Server(
        tls(own).trustManager(callers.toFile()).clientAuth(ClientAuth.REQUIRE).build(), MANY);
  }

  private static SslContextBuilder tls(Certificates own) {
    return SslContextBuilder.forServer(own.certificate().toFile(), own.key().toFile())
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2));
  }

  /// What answers one request.
  private final class Stream extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(
              new Http2StreamFrameToHttpObjectCodec(true),
              new HttpObjectAggregator(1 << 20),
              new SimpleChannelInboundHandler<FullHttpRequest>() {
                @Override
                protected void channelRead0(
                    ChannelHandlerContext context, FullHttpRequest request) {
                  requests.incrementAndGet();
                  String body = "{\"path\":\"" + request.uri() + "\"}";
                  DefaultFullHttpResponse response =
                      new DefaultFullHttpResponse(
                          HttpVersion.HTTP_1_1,
                          HttpResponseStatus.OK,
                          Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
                  response.headers().set("content-type", "application/json");
                  long millis = request.uri().equals("/slow") ? 500 : 0;
                  var _ =
                      context
                          .executor()
                          .schedule(
                              () -> {
                                var _ = context.writeAndFlush(response);
                              },
                              millis,
                              TimeUnit.MILLISECONDS);
                }
              });
    }
  }

  int connections() {
    return connections.get();
  }

  int requests() {
    return requests.get();
  }

  String url(String path) {
    return scheme + "://127.0.0.1:" + ((InetSocketAddress) channel.localAddress()).getPort() + path;
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
