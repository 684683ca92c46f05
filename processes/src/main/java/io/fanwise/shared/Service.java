package io.fanwise.shared;

import io.fanwise.shared.Refused.Reason;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/// Answers one connection of a worker: one question after the other. One that cannot be answered at
/// once waits on a virtual thread of its own, so that the connection is still read: the worker may
/// cancel it, or die.
///
/// Confined to the thread that reads, apart from the one that answers while `waiting`.
final class Service implements Peer.Attended {
  private Peer peer;
  private final ByteChannel channel;
  private final Frames frames;
  private volatile @Nullable Waiting waiting;

  /// A question that could not be answered at once.
  private record Waiting(Resident resident, Call call) {}

  Service(Peer peer, ByteChannel channel) {
    this.peer = peer;
    this.channel = channel;
    this.frames = new Frames(channel);
  }

  @Override
  public void run() throws IOException {
    try {
      ByteBuffer frame;
      while ((frame = frames.read()) != null) {
        accept(Message.decoded(frame));
      }
    } catch (IOException e) {
      // a worker that is gone breaks its connections: nobody need hear of that twice
      if (!peer.gone()) {
        throw e;
      }
    } finally {
      close();
      cancel();
    }
  }

  private void accept(Message message) throws IOException {
    switch (message) {
      case Message.Ask ask -> ask(ask);
      case Message.Cancel() -> cancel();
      case Message.Make(var kind, var size) -> make(kind, size);
      case Message.Drop(var id) -> peer.drop(id);
      case Message.From(var number, var name) -> peer = peer.guest(number, name);
      case Message.Gone(var number, var lost) -> peer.guestIsGone(number, lost);
      default -> throw new ProtocolException("malformed frame: a worker does not say " + message);
    }
  }

  private void make(Kind kind, long size) throws IOException {
    Reference made = peer.make(kind, size);
    frames.write(new Message.Made(made.home(), kind, made.id()).encoded());
  }

  private void ask(Message.Ask ask) throws IOException {
    if (waiting != null) {
      throw new ProtocolException("malformed frame: a question while the one before waits");
    }
    Resident resident = peer.home().is(ask.home()) ? peer.find(ask.id()) : null;
    if (resident == null || resident.kind() != ask.kind()) {
      Refused gone = Resident.gone(ask.kind());
      frames.write(new Message.No(gone.reason(), gone.text()).encoded());
      return;
    }
    var actor = new Actor(peer, ask.thread());
    var call = new Call(ask.verb(), actor, ask.patience(), ask.arguments());
    if (resident.start(call)) {
      answer(resident, call);
    } else {
      var next = new Waiting(resident, call);
      waiting = next;
      Thread.ofVirtual().name("fan-shared-" + peer.name()).start(() -> await(next));
    }
  }

  private void await(Waiting it) {
    try {
      it.resident.await(it.call);
      waiting = null;
      answer(it.resident, it.call);
    } catch (IOException e) {
      close();
    } catch (InterruptedException e) {
      // nobody has this thread to interrupt it
      Thread.currentThread().interrupt();
      close();
    }
  }

  /// Tells the worker. What could not be told has not happened.
  private void answer(Resident resident, Call call) throws IOException {
    byte[] reply;
    try {
      reply = reply(call).encoded();
    } catch (RuntimeException e) {
      // the user's value cannot be sent
      resident.undo(call);
      reply = refusal(e).encoded();
    }
    try {
      frames.write(reply);
    } catch (IOException e) {
      resident.undo(call);
      throw e;
    }
  }

  private static Message reply(Call call) {
    return switch (call.stage()) {
      case ANSWERED -> new Message.Answer(call.answer());
      case FAILED -> refusal(call.failure());
      case CANCELLED, OPEN -> new Message.Cancelled(call.leftBehind());
    };
  }

  private static Message.No refusal(RuntimeException e) {
    return e instanceof Refused refused
        ? new Message.No(refused.reason(), refused.text())
        : new Message.No(Reason.ARGUMENT, text(e));
  }

  private static String text(RuntimeException e) {
    String message = e.getMessage();
    return e instanceof IllegalArgumentException && message != null ? message : e.toString();
  }

  private void cancel() {
    Waiting it = waiting;
    if (it != null) {
      it.resident.cancel(it.call);
    }
  }

  @Override
  public void close() {
    Peer.Attended.end(channel);
  }
}
