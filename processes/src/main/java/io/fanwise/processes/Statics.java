package io.fanwise.processes;

import static java.util.stream.Collectors.joining;

import io.fanwise.processes.Uses.Member;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The statics that a lambda of an ordinary class reads and that are not final: on a worker,
/// another JVM, they have the values that they are initialized with, whatever was done to them
/// here.
///
/// Safe for use by many threads.
final class Statics {

  private static final ClassValue<AtomicBoolean> LOOKED_AT =
      new ClassValue<>() {
        @Override
        protected AtomicBoolean computeValue(Class<?> type) {
          return new AtomicBoolean();
        }
      };

  private Statics() {}

  /// Looks at a task that is sent, and logs what there is to tell. Later, on another thread: the
  /// first look of a JVM takes some 50 ms.
  static void tellOf(Object task) {
    if (task.getClass().isHidden() && LOOKED_AT.get(task.getClass()).compareAndSet(false, true)) {
      Warden.soon(() -> tell(task));
    }
  }

  private static void tell(Object task) {
    SerializedLambda lambda = Notebook.lambda(task);
    if (lambda != null) {
      warning(lambda, task.getClass().getClassLoader())
          .ifPresent(text ->
              System.getLogger("io.fanwise.processes").log(System.Logger.Level.WARNING, text));
    }
  }

  /// What to tell about a lambda that is sent for the first time; nothing when there is nothing, or
  /// a lambda of the same class was looked at before.
  static Optional<String> warning(SerializedLambda lambda, @Nullable ClassLoader loader) {
    Class<?> type = named(lambda.getImplClass().replace('/', '.'), loader);
    if (type == null || isJdk(type) || !LOOKED_AT.get(type).compareAndSet(false, true)) {
      return Optional.empty();
    }
    byte[] bytes = ClassFiles.of(type);
    var method =
        new Member(type.getName(), lambda.getImplMethodName(), lambda.getImplMethodSignature());
    Set<String> read = bytes == null ? Set.of() : readBy(type, bytes, method);
    return read.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ("A task of %s reads %s, static and not final: worker JVMs do not get the value that it has"
                    + " here. Hand it over in a local variable, or set it in Processes.initializer.")
                .formatted(type.getName(), read.stream().collect(joining(", "))));
  }

  /// Follows the code through methods of its own class, no further.
  private static Set<String> readBy(Class<?> type, byte[] bytes, Member first) {
    Set<String> read = new TreeSet<>();
    Set<Member> followed = new HashSet<>(Set.of(first));
    Deque<Member> ahead = new ArrayDeque<>(followed);
    for (Member next = ahead.poll(); next != null; next = ahead.poll()) {
      Member method = next;
      Uses uses = Uses.of(bytes, method::names);
      for (Member field : uses.reads()) {
        if (isVariable(field, type.getClassLoader())) {
          read.add(field.owner() + "." + field.name());
        }
      }
      for (Member call : uses.calls()) {
        if (call.owner().equals(type.getName()) && followed.add(call)) {
          ahead.add(call);
        }
      }
    }
    return read;
  }

  private static boolean isVariable(Member member, @Nullable ClassLoader loader) {
    Class<?> owner = named(member.owner(), loader);
    return owner != null
        && !isJdk(owner)
        && Arrays.stream(owner.getDeclaredFields())
            .filter(field -> field.getName().equals(member.name()))
            .anyMatch(Statics::isVariable);
  }

  private static boolean isVariable(Field field) {
    return !Modifier.isFinal(field.getModifiers()) && !field.isSynthetic();
  }

  private static boolean isJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
  }

  private static @Nullable Class<?> named(String name, @Nullable ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError _) {
      return null;
    }
  }
}
