package io.fanwise.processes.worker;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The parent's class loaders, as this worker JVM mirrors them: one [ShippedLoader] for each that
/// anything was asked of, by the parent's number.
///
/// A class comes when something first needs it, and is defined by the mirror of the loader that
/// defined it in the parent. So what was one class there is one class here, and what were two of
/// one name stay two.
///
/// Safe for use by many threads.
public final class ShippedClasses {

  /// How much is kept of what came: some 6000 classes of the usual 5 kB.
  private static final int KNOWN_CODE_BYTES = 32 << 20;

  private final ClassSource source;
  private final ClassLoader own;
  private final KnownCode known = new KnownCode(KNOWN_CODE_BYTES);
  private final Map<Integer, ShippedLoader> loaders = new ConcurrentHashMap<>();

  /// Mirrors of nothing yet.
  ///
  /// @param source where classes come from
  /// @param own the worker's own class path: the system class loader
  public ShippedClasses(ClassSource source, ClassLoader own) {
    this.source = source;
    this.own = own;
  }

  /// The mirror of one class loader of the parent.
  ///
  /// @param number the parent's number for it
  /// @return the loader, which is made if it is the first time
  public ClassLoader loader(int number) {
    return mirror(number);
  }

  /// No lambda here, nor in what a worker needs that has all classes: the first one in a JVM costs
  /// it milliseconds of its start.
  private ShippedLoader mirror(int number) {
    ShippedLoader known = loaders.get(number);
    if (known != null) {
      return known;
    }
    var made = new ShippedLoader(number, own, source, this.known, this);
    ShippedLoader first = loaders.putIfAbsent(number, made);
    return first != null ? first : made;
  }

  /// Finds what a decoder reads the name of. That nobody had it before is no reason not to ask: the
  /// parent may have met it since.
  ///
  /// @param loader the number of the loader that the function comes from
  /// @param name the binary name of the class, or of an array class (`[Lcom.acme.Line;`)
  /// @return the class, not initialized
  /// @throws ClassNotFoundException if the parent does not have it either, or cannot send it
  public Class<?> find(int loader, String name) throws ClassNotFoundException {
    ShippedLoader mirror = mirror(loader);
    mirror.askAgainFor(elementOf(name));
    return Class.forName(name, false, mirror);
  }

  private static String elementOf(String name) {
    return name.startsWith("[") && name.endsWith(";")
        ? name.substring(name.indexOf('L') + 1, name.length() - 1)
        : name;
  }

  /// Gives a static field the value that it has in the parent.
  ///
  /// @param loader the number of the loader that the function comes from
  /// @param className the binary name of the class that declares it
  /// @param field its name
  /// @param value its value
  /// @throws ClassNotFoundException if the class cannot be had
  /// @throws IllegalStateException if the field cannot be set
  public void set(int loader, String className, String field, @Nullable Object value)
      throws ClassNotFoundException {
    try {
      Field found = find(loader, className).getDeclaredField(field);
      found.setAccessible(true);
      found.set(null, value);
    } catch (ReflectiveOperationException | RuntimeException | ExceptionInInitializerError e) {
      if (e instanceof ClassNotFoundException unknown) {
        throw unknown;
      }
      throw new IllegalStateException(
          "variable `" + field + "` of class " + className + " cannot be set: " + e, e);
    }
  }

  /// Drops the mirror of a loader that the parent has no more. What it defined works on for as long
  /// as somebody uses it.
  ///
  /// @param number the parent's number for it
  public void forget(int number) {
    loaders.remove(number);
  }
}
