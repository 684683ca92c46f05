package io.fanwise.spi;

/// Makes backends by name, so that commands and configuration can choose one: found by
/// [java.util.ServiceLoader].
public interface BackendProvider {

  /// The name to choose it by.
  ///
  /// @return such as `threads`
  String name();

  /// A backend of this kind.
  ///
  /// @param jobs how many inputs are worked on at the same time, at least 1
  /// @return the description; equal for equal numbers
  Backend backend(int jobs);
}
