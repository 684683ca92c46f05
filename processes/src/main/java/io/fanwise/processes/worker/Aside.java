package io.fanwise.processes.worker;

import io.fanwise.codec.Decoder;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.MalformedFrame;
import io.fanwise.codec.Passage;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A second line to the parent, opened when it is first needed: for classes that are missing, and
/// for what tasks print. Each frame is answered, so what was printed before a result is out before
/// the result is.
///
/// Safe for use by many threads, interrupted ones too: guarded by `lock`.
final class Aside implements ClassSource {
  private static final Passage PASSAGE = Passage.within(Aside.class.getClassLoader());

  private final Parent parent;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Line line;

  Aside(Parent parent) {
    this.parent = parent;
  }

  @Override
  public Answer ask(Question question) throws IOException {
    if (exchange(Frame.CLASS, question) instanceof Answer answer) {
      return answer;
    }
    throw new MalformedFrame("the parent gave no answer to " + question);
  }

  void print(Printed printed) throws IOException {
    exchange(Frame.OUTPUT, printed);
  }

  /// An interrupt of the task must not cost it its class, nor anybody the line.
  private @Nullable Object exchange(int frame, Object what) throws IOException {
    boolean interrupted = Thread.interrupted();
    lock.lock();
    try {
      while (true) {
        try {
          return exchangeOnce(frame, what);
        } catch (ClosedByInterruptException e) {
          line = null;
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private @Nullable Object exchangeOnce(int frame, Object what) throws IOException {
    Line open = line;
    if (open == null) {
      open = parent.dial(Hello.ASIDE);
      line = open;
    }
    new Encoder(open.begin(frame, null), PASSAGE).value(what);
    open.end();
    open.next();
    return new Decoder(open.content(), PASSAGE).value();
  }

  /// A thread that waited for an answer would make the exit of this JVM take longer.
  void close() {
    Line open = line;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // gone either way
      }
    }
  }
}
