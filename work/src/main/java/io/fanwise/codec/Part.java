package io.fanwise.codec;

import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One of the objects that an object consists of.
///
/// @param step how to get there, such as `.name` or `[2]`
/// @param declared as what it is declared there
/// @param value what is there
record Part(String step, Class<?> declared, @Nullable Object value) {

  /// What would travel along with an object.
  static List<Part> of(Object object, int tag) {
    List<Part> parts = new ArrayList<>();
    if (tag == Tag.OBJECTS) {
      Class<?> component = object.getClass().getComponentType();
      @Nullable Object[] all = (@Nullable Object[]) object;
      for (int i = 0; i < all.length; i++) {
        parts.add(new Part("[" + i + "]", component, all[i]));
      }
    } else if (tag == Tag.RECORD) {
      components(object, parts);
    } else if (object instanceof Collection<?> collection) {
      elements(collection, parts);
    } else if (object instanceof Map<?, ?> map) {
      entries(map, parts);
    } else if (object instanceof Optional<?> optional) {
      parts.add(new Part(".get()", Object.class, optional.orElse(null)));
    } else if (object instanceof AtomicReference<?> reference) {
      parts.add(new Part(".get()", Object.class, reference.get()));
    }
    if (tag == Tag.SERIAL) {
      fields(object, parts);
    }
    return parts;
  }

  private static void components(Object instance, List<Part> parts) {
    @Nullable Object[] values = Encoder.parts(instance);
    RecordComponent[] components = instance.getClass().getRecordComponents();
    for (int i = 0; i < values.length; i++) {
      parts.add(new Part("." + components[i].getName(), components[i].getType(), values[i]));
    }
  }

  private static void elements(Collection<?> collection, List<Part> parts) {
    if (collection instanceof SortedSet<?> sorted) {
      parts.add(new Part(".comparator()", Object.class, sorted.comparator()));
    }
    int index = 0;
    for (Object element : collection) {
      parts.add(new Part("[" + index++ + "]", Object.class, element));
    }
  }

  private static void entries(Map<?, ?> map, List<Part> parts) {
    if (map instanceof SortedMap<?, ?> sorted) {
      parts.add(new Part(".comparator()", Object.class, sorted.comparator()));
    }
    int index = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object key = entry.getKey();
      boolean brief = key instanceof String || key instanceof Number || key instanceof Enum;
      String name = brief ? key.toString() : "entry " + index;
      parts.add(new Part("{key of entry " + index + "}", Object.class, key));
      parts.add(new Part("{" + name + "}", Object.class, entry.getValue()));
      index++;
    }
  }

  private static void fields(Object object, List<Part> parts) {
    for (Class<?> type = object.getClass();
        type != null && Serializable.class.isAssignableFrom(type);
        type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (!Modifier.isStatic(modifiers)
            && !Modifier.isTransient(modifiers)
            && !field.getType().isPrimitive()) {
          field(object, field, parts);
        }
      }
    }
  }

  private static void field(Object object, Field field, List<Part> parts) {
    try {
      field.setAccessible(true);
      parts.add(new Part(step(field), field.getType(), field.get(object)));
    } catch (InaccessibleObjectException | IllegalAccessException e) {
      // Closed to us: what is behind it is named by its class.
    }
  }

  /// As it is written in the source, where javac made the field up.
  private static String step(Field field) {
    String name = field.getName();
    if (field.isSynthetic() && name.startsWith("this$")) {
      return "." + field.getType().getSimpleName() + ".this";
    }
    return "." + (field.isSynthetic() && name.startsWith("val$") ? name.substring(4) : name);
  }
}
