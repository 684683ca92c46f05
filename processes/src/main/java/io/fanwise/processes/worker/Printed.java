package io.fanwise.processes.worker;

/// What tasks have printed in a worker JVM.
///
/// @param stream to which of the standard streams
/// @param lines whole lines, each with its line feed
public record Printed(Stream stream, String lines) {
  /// A standard stream.
  public enum Stream {
    /// [System#out].
    OUT,
    /// [System#err].
    ERR
  }
}
