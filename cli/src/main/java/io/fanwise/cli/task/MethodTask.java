package io.fanwise.cli.task;

import io.fanwise.work.Task;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/// A public method of one parameter as a task. Safe for use by many threads if the method is.
final class MethodTask implements Task<Object, Object> {

  private final Class<?> type;
  private final String name;
  private final Class<?> parameter;
  private final transient MethodHandle handle;

  MethodTask(Class<?> type, Method method) {
    this.type = type;
    this.name = method.getName();
    this.parameter = method.getParameterTypes()[0];
    this.handle = handle(type, method);
  }

  @Override
  public Object run(Object input) throws Exception {
    try {
      return handle.invokeExact(input);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// In another JVM, the same method is found again, of an object of that JVM.
  private Object readResolve() throws ReflectiveOperationException {
    return new MethodTask(type, type.getMethod(name, parameter));
  }

  private static MethodHandle handle(Class<?> type, Method method) {
    try {
      MethodHandle handle = MethodHandles.publicLookup().unreflect(method);
      MethodHandle bound = isStatic(method) ? handle : handle.bindTo(ClassTask.instance(type));
      return valued(bound).asType(MethodType.methodType(Object.class, Object.class));
    } catch (IllegalAccessException e) {
      throw new BadTask("Cannot call " + method, e);
    }
  }

  private static MethodHandle valued(MethodHandle handle) {
    return handle.type().returnType() == void.class
        ? MethodHandles.filterReturnValue(
            handle, MethodHandles.constant(Object.class, NoResult.NO_RESULT))
        : handle;
  }

  private static boolean isStatic(Method method) {
    return Modifier.isStatic(method.getModifiers());
  }
}
