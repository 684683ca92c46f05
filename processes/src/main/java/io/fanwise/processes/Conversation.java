package io.fanwise.processes;

import io.fanwise.codec.Decoder;
import io.fanwise.codec.Input;
import io.fanwise.codec.MalformedFrame;
import io.fanwise.codec.Output;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Line;
import io.fanwise.work.Failure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What is said between a process and the JVM that started it: one task there, one result back.
/// Confined to the thread of the process.
final class Conversation {
  /// A process that was ended by a signal is said to have ended with 128 and the signal's number.
  private static final int SIGNALS = 128;

  private final WorkerJvm jvm;
  private final Initializer first;
  private final Packed task;
  private final ProcessPlan plan;
  private @Nullable Line line;
  private boolean begun;

  Conversation(WorkerJvm jvm, Initializer first, Packed task, ProcessPlan plan) {
    this.jvm = jvm;
    this.first = first;
    this.task = task;
    this.plan = plan;
  }

  /// Has it, from the first word to the end of the task.
  @SuppressWarnings("unchecked") // a Program<R> gives back an R
  <R extends @Nullable Object> Ending<R> ending() {
    try {
      Line open = jvm.line();
      line = open;
      return (Ending<R>) talk(open);
    } catch (IOException e) {
      return lost(e);
    } catch (RuntimeException | Error e) {
      jvm.kill(); // what it sends cannot be understood, or does not fit in here
      return new Ending.Threw<>(e);
    }
  }

  private Ending<@Nullable Object> talk(Line open) throws IOException {
    if (plan.output() == ProcessPlan.Prints.CAPTURED) {
      open.begin(Frame.OWN_OUTPUT, null);
      open.end();
    }
    first.send(open);
    if (open.next() != Frame.READY) {
      throw new MalformedFrame("a process did not say that it is ready");
    }
    Object error = new Decoder(open.content(), first.passage()).value();
    if (error instanceof Throwable thrown) {
      return new Ending.NeverBegan<>("the initializer failed in a worker JVM: " + thrown, thrown);
    }
    begun = true;
    Output to = open.begin(Frame.FUNCTION, null);
    to.i64(task.number());
    to.bytes(task.content(), 0, task.content().length);
    open.end();
    open.begin(Frame.CALL, null).i64(task.number());
    open.end();
    task.sent();
    return answer(open);
  }

  private Ending<@Nullable Object> answer(Line open) throws IOException {
    int frame = open.next();
    Input in = open.content();
    return switch (frame) {
      case Frame.RETURNED -> {
        @Nullable Object[] end =
            new Decoder(in, task.passage()).values(1, (_, why) -> new Failure(why));
        yield end[0] instanceof Failure(Throwable error)
            ? new Ending.Threw<>(error)
            : new Ending.Returned<>(end[0]);
      }
      case Frame.UNKNOWN -> {
        in.i64();
        String why = "Cannot rebuild the task in the other JVM: " + in.string();
        yield new Ending.NeverBegan<>(why, new IllegalArgumentException(why));
      }
      default -> throw new MalformedFrame("a process sent a frame of the unknown kind " + frame);
    };
  }

  private <R extends @Nullable Object> Ending<R> lost(IOException how) {
    int code = jvm.exitCode();
    LastWords words = jvm.lastWords();
    return begun || code > SIGNALS
        ? new Ending.Lost<>(code, words)
        : new Ending.NeverBegan<>(words.withoutBeginning(code, how), how);
  }

  /// The process has ended.
  void close() {
    jvm.close(line);
    first.close();
    task.close();
  }
}
