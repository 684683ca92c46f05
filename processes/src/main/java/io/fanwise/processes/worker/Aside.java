package io.fanwise.processes.worker;

import io.fanwise.codec.Decoder;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.MalformedFrame;
import io.fanwise.codec.Passage;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A second line to the parent, opened when it is first needed: for classes that are missing, and
/// for what tasks print. Each frame is answered, so what was printed before a result is out before
/// the result is.
///
/// A thread of its own does the talking, while whoever wants something waits: a task may be
/// interrupted, or have no stack left, in the middle of anything. It sleeps in between, since a
/// thread that waited for the parent would make every exit of this JVM take longer.
///
/// Safe for use by many threads: they meet at [#wanted].
final class Aside implements ClassSource {
  private static final Passage PASSAGE = Passage.within(Aside.class.getClassLoader());

  private final Parent parent;
  private final ConcurrentLinkedQueue<Exchange> wanted = new ConcurrentLinkedQueue<>();
  private @Nullable Thread talker;

  Aside(Parent parent) {
    this.parent = parent;
  }

  @Override
  public Answer ask(Question question) throws IOException {
    if (exchange(new Exchange(Frame.CLASS, question)) instanceof Answer answer) {
      return answer;
    }
    throw new MalformedFrame("the parent gave no answer to " + question);
  }

  void print(Printed printed) throws IOException {
    exchange(new Exchange(Frame.OUTPUT, printed));
  }

  private @Nullable Object exchange(Exchange one) throws IOException {
    wanted.add(one);
    LockSupport.unpark(talker());
    boolean interrupted = false;
    while (!one.over) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    IOException error = one.error;
    if (error != null) {
      throw error;
    }
    return one.answer;
  }

  private synchronized Thread talker() {
    Thread running = talker;
    if (running == null) {
      running = new Thread(null, new Talker(), "fan-aside", 0, false);
      running.setDaemon(true);
      running.start();
      talker = running;
    }
    return running;
  }

  /// What somebody wants of the parent. Written by the talker until it is over.
  private static final class Exchange {
    private final int frame;
    private final Object what;
    private final Thread whose = Thread.currentThread();
    private @Nullable Object answer;
    private @Nullable IOException error;
    private volatile boolean over;

    Exchange(int frame, Object what) {
      this.frame = frame;
      this.what = what;
    }
  }

  /// Not a lambda: a worker that starts has no time for any.
  private final class Talker implements Runnable {
    private @Nullable Line line;

    @Override
    public void run() {
      while (true) {
        Exchange next = wanted.poll();
        if (next == null) {
          LockSupport.park(Aside.this);
          continue;
        }
        try {
          next.answer = answer(next);
        } catch (IOException e) {
          next.error = e;
        } catch (Throwable e) {
          next.error = new IOException("the parent could not be asked: " + e, e);
        } finally {
          if (next.error != null) {
            hangUp();
          }
          next.over = true;
          LockSupport.unpark(next.whose);
        }
      }
    }

    private @Nullable Object answer(Exchange next) throws IOException {
      Line open = line;
      if (open == null) {
        open = parent.dial(Hello.ASIDE);
        line = open;
      }
      new Encoder(open.begin(next.frame, null), PASSAGE).value(next.what);
      open.end();
      open.next();
      return new Decoder(open.content(), PASSAGE).value();
    }

    /// Nobody knows how far the other side is.
    private void hangUp() {
      Line open = line;
      line = null;
      try {
        if (open != null) {
          open.close();
        }
      } catch (IOException e) {
        // gone either way
      }
    }
  }
}
