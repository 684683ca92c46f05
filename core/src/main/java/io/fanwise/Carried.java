package io.fanwise;

import io.fanwise.work.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A task that finds scoped values bound as they were where its run was started, in another JVM.
///
/// A scoped value is an object that the other JVM has one of its own of; what both have in common
/// is the static field that holds it. Immutable.
///
/// @param task what to run
/// @param bindings what is bound, and to what
record Carried(Task<Object, Object> task, List<Binding> bindings) implements Task<Object, Object> {
  private static final String SCOPED_VALUE = "Ljava/lang/ScopedValue;";

  /// A scoped value that is to be carried.
  ///
  /// @param value the scoped value
  /// @param near the class that said so: the field that holds it is declared there, or read
  record Key(ScopedValue<?> value, Class<?> near) {}

  /// A static field that holds a scoped value, and what that is bound to.
  ///
  /// @param owner the class that declares the field
  /// @param field its name
  /// @param value what the scoped value is bound to
  record Binding(Class<?> owner, String field, @Nullable Object value) implements Serializable {}

  /// A task that carries what is bound now.
  ///
  /// @throws IllegalArgumentException if a scoped value is in no static field that can be found
  @SuppressWarnings("unchecked") // whoever made the run knows what it takes
  static Task<?, ?> by(Task<?, ?> task, List<Key> keys) {
    List<Binding> bindings = new ArrayList<>();
    for (Key key : keys) {
      if (key.value().isBound()) {
        Field field = field(key, task);
        bindings.add(new Binding(field.getDeclaringClass(), field.getName(), key.value().get()));
      }
    }
    return bindings.isEmpty() ? task : new Carried((Task<Object, Object>) task, bindings);
  }

  private static Field field(Key key, Task<?, ?> task) {
    Set<Class<?>> owners = new LinkedHashSet<>();
    for (Class<?> near : List.of(key.near(), task.getClass())) {
      for (Class<?> member : near.getNestHost().getNestMembers()) {
        owners.add(member);
      }
    }
    for (Class<?> near : List.copyOf(owners)) {
      readBy(near, owners);
    }
    for (Class<?> owner : owners) {
      for (Field field : owner.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())
            && field.getType().equals(ScopedValue.class)
            && key.value().equals(in(field))) {
          return field;
        }
      }
    }
    throw new IllegalArgumentException(
        "cannot carry a scoped value to another JVM: "
            + key.near().getName()
            + " holds it in no static field, nor reads it from one. Declare it as a static final field");
  }

  /// The classes whose scoped values a class reads.
  private static void readBy(Class<?> type, Set<Class<?>> owners) {
    ClassLoader loader = type.getClassLoader();
    if (loader == null) {
      return;
    }
    String file = type.getName().replace('.', '/') + ".class";
    try (InputStream in = loader.getResourceAsStream(file)) {
      if (in == null) {
        return;
      }
      ClassModel model = ClassFile.of().parse(in.readAllBytes());
      for (MethodModel method : model.methods()) {
        if (method.code().isPresent()) {
          for (CodeElement element : method.code().get()) {
            if (element instanceof FieldInstruction field
                && field.opcode() == Opcode.GETSTATIC
                && field.type().equalsString(SCOPED_VALUE)) {
              String owner = field.owner().asInternalName().replace('/', '.');
              owners.add(Class.forName(owner, true, loader));
            }
          }
        }
      }
    } catch (IOException | ClassNotFoundException | LinkageError e) {
      // then it is not found there
    }
  }

  private static @Nullable Object in(Field field) {
    try {
      field.setAccessible(true);
      return field.get(null);
    } catch (IllegalAccessException | RuntimeException e) {
      return null;
    }
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // a scoped value is bound to what it was bound to
  public Object run(Object input) throws Exception {
    ScopedValue.Carrier carrier = null;
    for (Binding binding : bindings) {
      ScopedValue key = (ScopedValue) in(binding.owner().getDeclaredField(binding.field()));
      if (key == null) {
        throw new IllegalStateException(
            "field " + binding.field() + " of " + binding.owner().getName() + " is null here");
      }
      carrier =
          carrier == null
              ? ScopedValue.where(key, binding.value())
              : carrier.where(key, binding.value());
    }
    return carrier == null ? task.run(input) : carrier.call(() -> task.run(input));
  }
}
