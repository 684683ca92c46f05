package io.fanwise.processes;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A class loader of classes that are only in memory, child first.
final class InMemory extends ClassLoader {

  /// What becomes of the bytes of a class that is defined: whoever asks gets them, or nobody, or
  /// they are dropped.
  enum Bytes {
    SHOWN,
    KEPT,
    GONE
  }

  private final Map<String, byte[]> classes;
  private final Bytes shown;

  InMemory(Compiled compiled, ClassLoader parent, Bytes shown) {
    super(parent);
    this.classes = new ConcurrentHashMap<>(compiled.classes());
    this.shown = shown;
  }

  static InMemory of(Compiled compiled) {
    return new InMemory(compiled, InMemory.class.getClassLoader(), Bytes.SHOWN);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      byte[] bytes = classes.get(name);
      if (loaded != null || bytes == null) {
        return loaded != null ? loaded : super.loadClass(name, resolve);
      }
      if (shown == Bytes.GONE) {
        classes.remove(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    byte[] bytes = classes.get(name.replace('/', '.').replaceAll("\\.class$", ""));
    return bytes != null && shown == Bytes.SHOWN
        ? new ByteArrayInputStream(bytes)
        : super.getResourceAsStream(name);
  }

  @Override
  public String toString() {
    return "InMemory";
  }
}
