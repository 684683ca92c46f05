package io.fanwise.processes.worker;

import java.io.IOException;

/// Where a worker JVM gets the classes and resources that it lacks: its parent, at the other end of
/// a line.
///
/// Safe for use by many threads.
@FunctionalInterface
public interface ClassSource {

  /// Asks one thing and waits for the answer.
  ///
  /// @param question what is wanted
  /// @return what the parent says to it
  /// @throws IOException if the line is broken, so that nobody knows the answer
  Answer ask(Question question) throws IOException;
}
