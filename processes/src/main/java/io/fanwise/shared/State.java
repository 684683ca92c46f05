package io.fanwise.shared;

import org.jspecify.annotations.Nullable;

/// What a shared object consists of: plain data, and what each verb does to them at once. Who
/// waits, for how long and what happens when a worker dies is the same for all, so [Resident] does
/// it.
///
/// Each says by `toString` how it is, in a few words.
///
/// Guarded by the lock of its [Resident], apart from [#prepare].
interface State {

  /// The answer that is none: not now, ask again after the next change.
  Object WAIT = new Object();

  /// Does what may run the user's code, such as rebuilding a key, before the lock is taken.
  default void prepare(Call call) {}

  /// Does what is asked if that can be done now.
  ///
  /// @return the answer, or [#WAIT]. Verbs that can wait never answer null: that is what the caller
  ///   gets when it gave up waiting
  @Nullable Object attempt(Call call);

  /// This call waits no longer: it was cancelled, or gave up.
  default void forget(Call call) {}

  /// This answer did not reach who asked, so what it handed over comes back.
  default void undo(Call call, Object answer) {}

  /// This worker is gone, with all that it held.
  default void lost(Peer peer) {}
}
