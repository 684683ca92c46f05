package io.fanwise.processes;

import io.fanwise.codec.CannotTravel;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Output;
import io.fanwise.codec.Passage;
import io.fanwise.shared.ArrayStore;
import io.fanwise.work.Serializer;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What surrounds the codec in the JVM that has workers, for one task: the classes that it knows,
/// and the variables of a notebook that it reads.
///
/// Safe for use by many threads once the task is packed.
final class Abroad implements Passage, AutoCloseable {
  /// Captured arrays of so many bytes are put into shared memory, so that what is kept of the task
  /// stays small: adr/0012.
  private static final int SHARED_BYTES = 1 << 20;

  static final Origins ORIGINS = new Origins();
  static final ParentClasses CLASSES = new ParentClasses(ORIGINS);

  static final Unloaded UNLOADED = new Unloaded(ORIGINS);

  private final @Nullable ClassLoader loader;
  private final int number;
  private final Notebook notebook;
  private final @Nullable Serializer serializer;
  private final ArrayStore arrays = new ArrayStore(SHARED_BYTES);
  private final Set<Variable> written = Collections.newSetFromMap(new IdentityHashMap<>());
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean packed;

  private Abroad(@Nullable ClassLoader loader, Notebook notebook, @Nullable Serializer serializer) {
    this.serializer = serializer;
    this.loader = loader;
    this.notebook = notebook;
    this.number = ORIGINS.use(loader);
  }

  /// For a function that goes to workers.
  ///
  /// @param serializer for objects of plain classes; null for the JDK's
  static Abroad of(Object function, @Nullable Serializer serializer) {
    Notebook notebook = new Notebook(ORIGINS);
    notebook.reads(function);
    return new Abroad(function.getClass().getClassLoader(), notebook, serializer);
  }

  /// The number that workers know the loader of the task by.
  int number() {
    return number;
  }

  /// Whether it turned out while it was packed that some class was redefined: what was packed so
  /// far would be of before.
  boolean isStale() {
    return ORIGINS.number(loader) != number;
  }

  @Override
  public Class<?> find(String name) throws ClassNotFoundException {
    return Class.forName(name, false, loader);
  }

  @Override
  public @Nullable Serializer serializer() {
    return serializer;
  }

  @Override
  public ClassLoader loader() {
    return loader == null ? ClassLoader.getSystemClassLoader() : loader;
  }

  @Override
  public int threshold() {
    return packed ? Integer.MAX_VALUE : SHARED_BYTES;
  }

  @Override
  public @Nullable Object standIn(Object value) {
    return packed ? ArrayStore.word(value) : arrays.standIn(value);
  }

  @Override
  public Object restore(Object standIn) {
    return ArrayStore.restore(standIn);
  }

  /// What the task captured is not needed any more.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      ORIGINS.over(number);
    }
    arrays.close();
  }

  @Override
  public void sends(Class<?> type) {
    CLASSES.sends(loader, type);
    if (!packed) {
      notebook.sends(type);
    }
  }

  /// Writes the variables that the task reads, as far as they are known and were not written.
  void writeVariables(Output out, Encoder encoder) throws IOException {
    for (Variable next = unwritten(); next != null; next = unwritten()) {
      written.add(next);
      out.u8(1);
      out.i32(ORIGINS.number(next.loader()));
      out.string(next.className());
      out.string(next.field());
      try {
        encoder.value(next.value());
      } catch (CannotTravel e) {
        throw next.refused(e);
      }
    }
    out.u8(0);
  }

  /// From now on only inputs and results travel.
  void packed() {
    packed = true;
    written.clear();
  }

  private @Nullable Variable unwritten() {
    for (Variable variable : notebook.variables()) {
      if (!written.contains(variable)) {
        return variable;
      }
    }
    return null;
  }
}
