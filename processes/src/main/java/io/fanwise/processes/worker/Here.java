package io.fanwise.processes.worker;

import io.fanwise.codec.Passage;

/// What surrounds the codec in a worker JVM.
final class Here implements Passage {
  static final Here INSTANCE = new Here();

  @Override
  public Class<?> find(String name) throws ClassNotFoundException {
    return Class.forName(name, false, ClassLoader.getSystemClassLoader());
  }
}
