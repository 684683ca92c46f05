package io.fanwise.processes;

import io.fanwise.codec.Passage;
import org.jspecify.annotations.Nullable;

/// What surrounds the codec in the JVM that has workers: results are rebuilt from the classes that
/// the task knows. Immutable.
///
/// @param loader that of the task
record Abroad(@Nullable ClassLoader loader) implements Passage {
  @Override
  public Class<?> find(String name) throws ClassNotFoundException {
    return Class.forName(name, false, loader);
  }
}
