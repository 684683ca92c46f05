package io.fanwise.http;

/// What speaks HTTP. Safe for use by many threads.
interface Client {

  /// Sends a request and waits for the answer. It follows no redirects and repeats nothing that
  /// might do harm.
  ///
  /// @throws Broken if there is no answer
  Reply exchange(Call call, Keeping keeping, long deadline) throws Broken, InterruptedException;
}
