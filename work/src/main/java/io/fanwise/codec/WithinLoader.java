package io.fanwise.codec;

/// The classes of one loader, and no opinion on arrays. Immutable.
///
/// @param loader finds the classes
record WithinLoader(ClassLoader loader) implements Passage {
  @Override
  public Class<?> find(String name) throws ClassNotFoundException {
    return Class.forName(name, false, loader);
  }
}
