package io.fanwise.pipeline;

/// A task that knows by what it differs from others of its class. A run is not gone on with when
/// its task is another one.
public interface Identified {

  /// What it does, in words that differ when results would.
  ///
  /// @return text, which is kept in the folder of the run: no secrets
  String identity();
}
