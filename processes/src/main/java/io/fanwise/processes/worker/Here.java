package io.fanwise.processes.worker;

import io.fanwise.codec.Passage;
import io.fanwise.shared.ArrayStore;
import io.fanwise.work.Serializer;
import org.jspecify.annotations.Nullable;

/// What surrounds the codec in a worker JVM: the classes of one of the parent's loaders. Immutable.
final class Here implements Passage {
  private final ShippedClasses classes;
  private final int loader;
  private final @Nullable Serializer serializer;

  Here(ShippedClasses classes, int loader, @Nullable Serializer serializer) {
    this.classes = classes;
    this.loader = loader;
    this.serializer = serializer;
  }

  @Override
  public @Nullable Serializer serializer() {
    return serializer;
  }

  @Override
  public ClassLoader loader() {
    return loader == Question.HOME ? ClassLoader.getSystemClassLoader() : classes.loader(loader);
  }

  @Override
  public @Nullable Object standIn(Object value) {
    return ArrayStore.word(value);
  }

  @Override
  public Object restore(Object standIn) {
    return ArrayStore.restore(standIn);
  }

  /// Mostly it is all on the worker's own class path.
  @Override
  public Class<?> find(String name) throws ClassNotFoundException {
    if (loader == Question.HOME) {
      try {
        return Class.forName(name, false, ClassLoader.getSystemClassLoader());
      } catch (ClassNotFoundException e) {
        // the parent's may have more
      }
    }
    return classes.find(loader, name);
  }
}
