package io.fanwise.shared;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/// One connection of a worker whose own JVM is a worker too: what is shared lives where the first
/// of them was started, so questions are carried one JVM further up, and answers back.
///
/// Up there the worker is a peer of its own, so what it holds is its own, and is let go when it
/// dies.
///
/// Confined to the thread that reads, apart from the one that carries answers back.
final class Relay implements Peer.Attended {
  private final Connections parent;
  private final ByteChannel channel;
  private final Frames below;
  private Peer peer;
  private volatile @Nullable Frames above;

  Relay(Peer peer, Connections parent, ByteChannel channel) {
    this.peer = peer;
    this.parent = parent;
    this.channel = channel;
    this.below = new Frames(channel);
  }

  @Override
  public void run() throws IOException {
    try {
      byte[] frame;
      while ((frame = below.bytes()) != null) {
        accept(Message.decoded(ByteBuffer.wrap(frame)), frame);
      }
    } catch (IOException e) {
      // a worker that is gone breaks its connections: nobody need hear of that twice
      if (!peer.gone()) {
        throw e;
      }
    } finally {
      close();
    }
  }

  private void accept(Message message, byte[] frame) throws IOException {
    switch (message) {
      case Message.From(var number, var name) -> peer = peer.guest(number, name);
      case Message.Gone(var number, var lost) -> peer.guestIsGone(number, lost);
      case Message.Ask _, Message.Cancel _, Message.Make _, Message.Drop _ -> above().write(frame);
      default -> throw new ProtocolException("malformed frame: a worker does not say " + message);
    }
  }

  private Frames above() throws IOException {
    Frames open = above;
    if (open == null) {
      peer.relayed();
      var frames = new Frames(parent.dial());
      above = frames;
      frames.write(new Message.From(peer.number(), peer.name()).encoded());
      Thread.ofVirtual().name("fan-shared-" + peer.name()).start(() -> carryBack(frames));
      open = frames;
      if (peer.gone()) { // while it was opened
        close();
      }
    }
    return open;
  }

  private void carryBack(Frames frames) {
    try (this) {
      byte[] frame;
      while ((frame = frames.bytes()) != null) {
        below.write(frame);
      }
    } catch (IOException e) {
      // one of the ends is gone, and now the other one learns of it
      return;
    }
  }

  @Override
  public void close() {
    Peer.Attended.end(channel);
    Frames open = above;
    if (open != null) {
      Peer.Attended.end(open);
    }
  }
}
