package io.fanwise.spi;

import io.fanwise.work.Batch;

/// A batch on its way to a worker, and the way back for what comes of it. Safe for use by many
/// threads.
///
/// A backend in this JVM says [#run] on a thread of its own, and that is all. One that sends work
/// elsewhere sends [#batch] and gives what comes back to [#done].
public interface Call {

  /// What is to be run.
  ///
  /// @return the batch
  Batch batch();

  /// Runs the batch on the current thread and delivers the result. Never throws. Does nothing if
  /// the call was cancelled before.
  ///
  /// @param worker who is running it
  void run(Worker worker);

  /// Says that a worker elsewhere has begun with the batch, and where to look how far it is.
  ///
  /// @param glimpse what can be seen of it from here
  void begun(Glimpse glimpse);

  /// Says that the workers are not able to run anything, whatever it is: the run ends with this
  /// error.
  ///
  /// @param error what is wrong with them, and what to do about it
  void failed(RuntimeException error);

  /// Delivers what came of the batch elsewhere: all of it or, if the worker was lost on the way, as
  /// much as is known; the rest will be submitted again. Only the first delivery counts.
  ///
  /// @param result what came of it
  void done(Batch.Result result);

  /// Asks it to stop, if it runs in this JVM: the thread that runs it is interrupted.
  void cancel();
}
