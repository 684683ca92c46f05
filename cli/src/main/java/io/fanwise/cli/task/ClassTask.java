package io.fanwise.cli.task;

import io.fanwise.rows.Format;
import io.fanwise.rows.Row;
import io.fanwise.work.Action;
import io.fanwise.work.Task;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// A class as a task of rows.
final class ClassTask {

  private final Class<?> type;
  private final Format format;

  private ClassTask(Class<?> type, Format format) {
    this.type = type;
    this.format = format;
  }

  /// Makes a task of a class that is a task or an action, or has one fitting method.
  static Task<Row, Object> of(Class<?> type, Format format) {
    return new ClassTask(type, format).task();
  }

  private Task<Row, Object> task() {
    if (!Modifier.isPublic(type.getModifiers())) {
      throw new BadTask("Class %s is not public: make it so".formatted(type.getName()));
    }
    if (Task.class.isAssignableFrom(type)) {
      return new OnRows(new OwnTask(type), given(Task.class));
    }
    if (Action.class.isAssignableFrom(type)) {
      return new OnRows(new OwnTask(type), given(Action.class));
    }
    Method method = fitting();
    return new OnRows(
        new MethodTask(type, method),
        Given.to(method.getParameterTypes()[0], format).orElseThrow());
  }

  static Object instance(Class<?> type) {
    try {
      Constructor<?> constructor = type.getConstructor();
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw new BadTask("Cannot create a %s: %s".formatted(type.getName(), e.getCause()), e);
    } catch (ReflectiveOperationException e) {
      throw new BadTask(
          "Class %s needs a public constructor without parameters".formatted(type.getName()), e);
    }
  }

  /// What a task is given says the argument of its interface, wherever among its ancestors that is.
  private Given given(Class<?> function) {
    Type argument = argument(type, function).orElse(Object.class);
    Class<?> parameter = argument instanceof Class<?> known ? known : Object.class;
    return Given.to(parameter, format)
        .orElseThrow(() ->
            new BadTask(
                "Class %s is a %s of %s, but a task is given a String, a Row or a JsonNode"
                    .formatted(
                        type.getName(), function.getSimpleName(), parameter.getSimpleName())));
  }

  private static Optional<Type> argument(Class<?> type, Class<?> function) {
    for (Type each : type.getGenericInterfaces()) {
      if (each instanceof ParameterizedType parameterized
          && parameterized.getRawType() == function) {
        return Optional.of(parameterized.getActualTypeArguments()[0]);
      }
    }
    Class<?> parent = type.getSuperclass();
    return parent == null ? Optional.empty() : argument(parent, function);
  }

  private Method fitting() {
    List<Method> fitting = Arrays.stream(type.getDeclaredMethods()).filter(this::fits).toList();
    return switch (fitting.size()) {
      case 1 -> fitting.getFirst();
      case 0 ->
          throw new BadTask(
              "Class %s is no Task, and no public method takes a String, Row, JsonNode or Object"
                  .formatted(type.getName()));
      default ->
          throw new BadTask(
              "Class %s has %d public methods that fit; leave one public, or make it a Task:%n%s"
                  .formatted(type.getName(), fitting.size(), listed(fitting)));
    };
  }

  private boolean fits(Method method) {
    return Modifier.isPublic(method.getModifiers())
        && !method.isSynthetic()
        && method.getParameterCount() == 1
        && Given.to(method.getParameterTypes()[0], format).isPresent()
        && !method.getName().equals("equals");
  }

  private static String listed(List<Method> methods) {
    return methods.stream()
        .map(method ->
            "  %s %s(%s)"
                .formatted(
                    method.getReturnType().getSimpleName(),
                    method.getName(),
                    method.getParameterTypes()[0].getSimpleName()))
        .sorted()
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /// Gives a task what it wants of each row, and wants a result.
  private record OnRows(Task<Object, ?> task, Given given) implements Task<Row, Object> {

    @Override
    public Object run(Row row) throws Exception {
      return Objects.requireNonNull(
          task.run(given.from(row.sound())),
          "the task returned null: return a value, or Optional.empty() if there is none");
    }
  }
}
