package io.fanwise.processes;

import static java.util.stream.Collectors.joining;

import java.lang.classfile.MethodModel;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What one function reads of a notebook: the variables of the JShell session that it was typed
/// into, with the values that they have now.
///
/// JShell makes a class of each snippet, and a variable is a static field of such a class. On a
/// worker those classes are new and their fields empty. So the code of the function is followed
/// through all snippets that it uses, and the variables that it reads go with it. Constants do not,
/// nor do the statics of ordinary classes, whose initializers run on the worker as everywhere.
///
/// What is sent from the class path needs none of this, and does not even load this class if it is
/// asked first whether [it is from there][Origins#isHome].
///
/// Confined to the thread that sends the function.
final class Notebook {

  /// What a class is called that JShell puts a snippet into.
  private static final String WRAPPER = "REPL.$JShell$";

  private static final String REBUILD = "$deserializeLambda$";

  private final Origins origins;
  private final Set<Object> visited = new HashSet<>();
  private final Map<Class<?>, byte[]> bytes = new HashMap<>();
  private final Deque<Runnable> ahead = new ArrayDeque<>();
  private final Map<Field, Variable> found = new LinkedHashMap<>();
  private final Set<String> assigned = new HashSet<>();

  Notebook(Origins origins) {
    this.origins = origins;
  }

  /// Whether a class was typed into a notebook.
  boolean isSnippet(Class<?> type) {
    return isSnippet(type.getName()) && !origins.isHome(type.getClassLoader());
  }

  /// JShell's own `REPL.$Cancel$`, by which it stops code that runs in its JVM, is none.
  private static boolean isSnippet(String name) {
    return name.contains("$JShell$");
  }

  /// Adds what a function reads, and what the functions that it captures do.
  void reads(Object function) {
    if (!origins.isHome(function.getClass().getClassLoader())) {
      value(function);
      follow();
    }
  }

  /// Adds what the code of a class reads, as instances of it are sent, or lambdas that it makes.
  void sends(Class<?> type) {
    if (isSnippet(type)) {
      whole(type);
      follow();
    }
  }

  /// The variables found so far, in the order in which they are to be set: what making the value of
  /// one may need comes before it. Sending a value may find more.
  List<Variable> variables() {
    if (found.isEmpty()) {
      return List.of();
    }
    List<Variable> all = new ArrayList<>(found.values()).reversed();
    return all.stream().sorted(Comparator.comparing(this::hasCode)).toList();
  }

  private boolean hasCode(Variable variable) {
    Object value = variable.value();
    return value != null && !origins.isHome(value.getClass().getClassLoader());
  }

  /// The variables that the code assigns to, which changes them on the worker only.
  Set<String> assigned() {
    return Set.copyOf(assigned);
  }

  private void follow() {
    for (Runnable next = ahead.poll(); next != null; next = ahead.poll()) {
      next.run();
    }
    bytes.forEach(origins::content);
  }

  private void value(@Nullable Object value) {
    if (value == null || origins.isHome(value.getClass().getClassLoader())) {
      return;
    }
    SerializedLambda lambda = lambda(value);
    if (lambda != null) {
      ClassLoader loader = value.getClass().getClassLoader();
      method(
          loader,
          new Uses.Member(
              lambda.getImplClass().replace('/', '.'),
              lambda.getImplMethodName(),
              lambda.getImplMethodSignature()));
      for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
        value(lambda.getCapturedArg(i));
      }
    } else if (isSnippet(value.getClass())) {
      whole(value.getClass());
    }
  }

  static @Nullable SerializedLambda lambda(Object value) {
    if (!value.getClass().isHidden()) {
      return null;
    }
    try {
      Method replace = value.getClass().getDeclaredMethod("writeReplace");
      replace.setAccessible(true);
      return replace.invoke(value) instanceof SerializedLambda lambda ? lambda : null;
    } catch (ReflectiveOperationException | InaccessibleObjectException _) {
      return null;
    }
  }

  /// One method: of a snippet just that, of a class declared in one all of the class, as an
  /// instance of it may be asked for anything.
  private void method(ClassLoader loader, Uses.Member member) {
    Class<?> owner = snippet(loader, member.owner());
    if (owner == null) {
      return;
    }
    if (!isWrapper(owner)) {
      whole(owner);
    } else if (visited.add(member)) {
      code(owner, member::names);
    }
  }

  /// As opposed to a class that a snippet declares, which is within it.
  private static boolean isWrapper(Class<?> type) {
    String name = type.getName();
    return name.startsWith(WRAPPER) && name.indexOf('$', WRAPPER.length()) < 0;
  }

  private void whole(Class<?> type) {
    if (!isSnippet(type) || !visited.add(type)) {
      return;
    }
    boolean wrapper = isWrapper(type);
    code(type, wrapper ? method -> method.methodName().equalsString(REBUILD) : _ -> true);
    if (type.getSuperclass() != null) {
      whole(type.getSuperclass());
    }
    for (Class<?> above : type.getInterfaces()) {
      whole(above);
    }
    Class<?>[] permitted = type.getPermittedSubclasses();
    if (permitted != null) {
      for (Class<?> below : permitted) {
        whole(below);
      }
    }
  }

  private void code(Class<?> type, Predicate<MethodModel> asked) {
    ahead.add(() -> {
      Uses uses = Uses.of(bytesOf(type), asked);
      ClassLoader loader = type.getClassLoader();
      uses.reads().forEach(field -> read(loader, field));
      uses.writes().forEach(field -> written(loader, field));
      uses.calls().forEach(call -> method(loader, call));
      for (String name : uses.types()) {
        Class<?> used = snippet(loader, name);
        if (used != null) {
          whole(used);
        }
      }
    });
  }

  private byte[] bytesOf(Class<?> type) {
    return bytes.computeIfAbsent(
        type,
        _ -> {
          byte[] shown = ClassFiles.of(type);
          if (shown == null) {
            throw new IllegalArgumentException(
                ("Cannot send the task to another JVM: class loader %s does not show the bytes of %s, so"
                        + " nobody can tell which variables it reads.")
                    .formatted(type.getClassLoader(), type.getName()));
          }
          return shown;
        });
  }

  private void read(ClassLoader loader, Uses.Member member) {
    Field field = variable(loader, member);
    if (field != null && !found.containsKey(field)) {
      Object value = valueOf(field);
      Class<?> owner = field.getDeclaringClass();
      found.put(
          field,
          new Variable(
              owner.getClassLoader(),
              owner.getName(),
              field.getName(),
              field.getType().getTypeName(),
              value));
      value(value);
    }
  }

  private void written(ClassLoader loader, Uses.Member member) {
    Field field = variable(loader, member);
    if (field != null) {
      assigned.add(field.getName());
    }
  }

  private @Nullable Field variable(ClassLoader loader, Uses.Member member) {
    Class<?> owner = snippet(loader, member.owner());
    for (@Nullable Class<?> at = owner; at != null && isSnippet(at); at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (field.getName().equals(member.name())
            && field.getType().descriptorString().equals(member.descriptor())) {
          return Modifier.isFinal(field.getModifiers()) ? null : field;
        }
      }
    }
    return null;
  }

  private static @Nullable Object valueOf(Field field) {
    try {
      field.setAccessible(true);
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException("cannot read variable `" + field.getName() + "`", e);
    }
  }

  private @Nullable Class<?> snippet(ClassLoader loader, String name) {
    if (!isSnippet(name)) {
      return null;
    }
    try {
      Class<?> type = Class.forName(name, false, loader);
      return isSnippet(type) ? type : null;
    } catch (ClassNotFoundException _) {
      return null;
    }
  }

  @Override
  public String toString() {
    return variables().stream().map(Variable::field).collect(joining(", ", "Notebook[", "]"));
  }
}
