package io.fanwise.processes;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The bytes of a class that its loader keeps in a map, but shows to nobody: notebook kernels do
/// so, and most loaders of what was compiled in memory.
///
/// Looked for in the loader's own fields, and in those of the object that it is an inner class of.
final class KeptBytes {

  private KeptBytes() {}

  /// What may be the bytes of a class; null if no map of the loader's has any.
  static byte @Nullable [] of(ClassLoader loader, String name) {
    byte[] found = in(loader, name);
    Object outer = found == null ? outer(loader) : null;
    return outer == null ? found : in(outer, name);
  }

  private static @Nullable Object outer(ClassLoader loader) {
    for (Field field : loader.getClass().getDeclaredFields()) {
      if (field.isSynthetic() && field.getType() == loader.getClass().getEnclosingClass()) {
        return value(field, loader);
      }
    }
    return null;
  }

  private static byte @Nullable [] in(Object owner, String name) {
    Class<?> type = owner.getClass();
    while (type != null && !type.getModule().isNamed()) {
      for (Field field : type.getDeclaredFields()) {
        if (Map.class.isAssignableFrom(field.getType())
            && value(field, owner) instanceof Map<?, ?> map) {
          byte[] bytes = in(map, name);
          if (bytes != null) {
            return bytes;
          }
        }
      }
      type = type.getSuperclass();
    }
    return null;
  }

  private static byte @Nullable [] in(Map<?, ?> map, String name) {
    String path = name.replace('.', '/');
    for (String key : new String[] {name, path, path + ".class"}) {
      switch (valueOf(map, key)) {
        case byte[] bytes -> {
          return bytes.clone();
        }
        case ByteArrayOutputStream written -> {
          return written.toByteArray();
        }
        case null, default -> {}
      }
    }
    return null;
  }

  private static @Nullable Object valueOf(Map<?, ?> map, String key) {
    try {
      return map.get(key);
    } catch (RuntimeException _) { // a map of other keys, or one that is being changed
      return null;
    }
  }

  private static @Nullable Object value(Field field, Object owner) {
    try {
      field.setAccessible(true);
      return field.get(owner);
    } catch (IllegalAccessException | InaccessibleObjectException _) {
      return null;
    }
  }
}
