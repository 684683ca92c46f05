package io.fanwise.pipeline;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;

/// What tells one piece of code from another.
final class CodeIdentity {
  private CodeIdentity() {}

  /// The name of a task's class; of a lambda or a method reference, where it stands.
  static String of(Object task) {
    if (task instanceof Serializable && task.getClass().isSynthetic()) {
      try {
        Method writeReplace = task.getClass().getDeclaredMethod("writeReplace");
        writeReplace.setAccessible(true);
        if (writeReplace.invoke(task) instanceof SerializedLambda lambda) {
          return lambda.getImplClass().replace('/', '.') + "::" + lambda.getImplMethodName();
        }
      } catch (ReflectiveOperationException e) {
        return task.getClass().getName();
      }
    }
    return task.getClass().getName();
  }
}
