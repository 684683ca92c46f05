package io.fanwise.processes.worker;

import io.fanwise.codec.MalformedFrame;
import org.jspecify.annotations.Nullable;

/// What a frame can be, and what is in it.
public final class Frame {
  private Frame() {}

  /// Inputs and results are never null.
  ///
  /// @param values what was read
  /// @return the same
  /// @throws MalformedFrame if one of them is null
  public static Object[] allThere(@Nullable Object[] values) throws MalformedFrame {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        throw new MalformedFrame("value " + i + " of " + values.length + " is null");
      }
    }
    @SuppressWarnings("NullAway") // none is, as was just seen
    Object[] there = values;
    return there;
  }

  /// Parent to worker, first of all: what to do before any task, or null.
  public static final int START = 11;

  /// Worker to parent: that is done, or an error that says why it is not.
  public static final int READY = 2;

  /// Parent to worker: a task under a number, with all that its code needs: the number of its class
  /// loader, the task, and the variables of a notebook that it reads.
  public static final int FUNCTION = 3;

  /// Parent to worker: the number of a task that is not needed any more.
  public static final int FORGET = 4;

  /// Parent to worker: how many class loaders are not there any more, and their numbers.
  public static final int UNLOADED = 12;

  /// Parent to worker: a batch of inputs for a task.
  public static final int BATCH = 5;

  /// Worker to parent: what came of a batch.
  public static final int RESULT = 6;

  /// Worker to parent: a task could not be unpacked, so that none of its batches can be run.
  public static final int UNKNOWN = 7;

  /// Parent to worker: that was all.
  public static final int BYE = 8;

  /// Worker to parent, on a line of its own: a class is missing; the answer is a frame of the same
  /// kind.
  public static final int CLASS = 9;

  /// Worker to parent, on the same line: what a task has printed.
  public static final int OUTPUT = 10;

  /// Parent to worker, before anything else: what is printed goes to the worker's own standard
  /// streams.
  public static final int OWN_OUTPUT = 13;

  /// Parent to worker: the number of a task to run once, with which the worker ends.
  public static final int CALL = 14;

  /// Worker to parent: what came of that.
  public static final int RETURNED = 15;
}
