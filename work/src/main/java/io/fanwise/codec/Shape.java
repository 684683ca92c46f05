package io.fanwise.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/// How to take records of a class apart and put them together: accessors and canonical constructor.
///
/// Immutable.
final class Shape {
  private static final ClassValue<Shape> OF =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return new Shape(type);
        }
      };

  private final MethodHandle[] accessors;
  private final MethodHandle constructor;

  private Shape(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    accessors = new MethodHandle[components.length];
    Class<?>[] types = new Class<?>[components.length];
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        Method accessor = components[i].getAccessor();
        accessor.setAccessible(true);
        accessors[i] =
            lookup.unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
      }
      Constructor<?> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      constructor =
          lookup
              .unreflectConstructor(canonical)
              .asSpreader(Object[].class, components.length)
              .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      throw new CannotTravel(
          "record "
              + type.getName()
              + " is closed to Fanwise. Open package "
              + type.getPackageName()
              + " to module io.fanwise.work, or make the record Serializable.",
          e);
    }
  }

  /// The shape of a record class.
  ///
  /// @throws CannotTravel if its module keeps it closed
  static Shape of(Class<?> type) {
    return OF.get(type);
  }

  static boolean isOpen(Class<?> type) {
    try {
      of(type);
      return true;
    } catch (CannotTravel e) {
      return false;
    }
  }

  int size() {
    return accessors.length;
  }

  /// Takes a record apart.
  @Nullable Object[] parts(Object instance) throws Throwable {
    @Nullable Object[] parts = new Object[accessors.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = (Object) accessors[i].invokeExact(instance);
    }
    return parts;
  }

  /// Puts a record together.
  Object create(@Nullable Object[] parts) throws Throwable {
    return (Object) constructor.invokeExact(parts);
  }
}
