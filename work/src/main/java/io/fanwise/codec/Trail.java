package io.fanwise.codec;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.lang.invoke.SerializedLambda;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The way to what cannot travel: walked only once a value was refused, so it may take its time.
///
/// Confined to one thread.
final class Trail {
  /// Objects that are looked at before the search is given up.
  private static final int FARTHEST = 100_000;

  /// How deep it looks for what is unfit.
  private static final int DEEPEST = 200;

  /// So much of the way into what is too deep tells where that is: the rest is more of the same.
  private static final int BEGINNING = 40;

  private static final String AND_SO_ON = "…";

  /// What a lambda's method that belongs to an instance begins with, by javac.
  private static final String BODY = "lambda$";

  private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Sought sought;

  private Trail(Sought sought) {
    this.sought = sought;
  }

  private enum Sought {
    /// What cannot travel itself.
    UNFIT,
    /// What is deeper than an encoder goes.
    DEEP
  }

  /// What was found at the end of the way.
  ///
  /// @param path the way
  /// @param type what it is there
  /// @param culprit the object
  private record Found(String path, Class<?> type, Object culprit) {}

  /// Says what is wrong with a value.
  static CannotTravel refuse(@Nullable Object root, Throwable why) {
    if (why instanceof CannotTravel refusal) {
      return refusal;
    }
    Throwable cause =
        why instanceof InvalidObjectException && why.getCause() != null ? why.getCause() : why;
    if (cause instanceof StackOverflowError) {
      return new CannotTravel(place(root) + "nested too deeply for this thread's stack", cause);
    }
    if (cause instanceof TooDeep) {
      return new CannotTravel(
          place(root)
              + "nested more than "
              + Encoder.DEEPEST
              + " deep. Send what it consists of one beside the other, in a list or an array",
          cause);
    }
    if (cause instanceof Unfit || cause instanceof NotSerializableException) {
      Found found = root == null ? null : find(root, Sought.UNFIT);
      if (found != null) {
        return new CannotTravel(sentence(root, found), cause);
      }
    }
    return new CannotTravel(
        cause instanceof NotSerializableException
            ? "contains an instance of " + cause.getMessage() + ", which is not serializable"
            : cause instanceof Unfit
                ? String.valueOf(cause.getMessage())
                : "writing it threw " + cause,
        cause);
  }

  /// Where it is that a value is too deep, as the beginning of a sentence.
  private static String place(@Nullable Object root) {
    Found found = root == null ? null : find(root, Sought.DEEP);
    if (found == null) {
      return "";
    }
    return found.path().startsWith("captured")
        ? found.path() + " is "
        : "field path " + found.path() + " is ";
  }

  private static @Nullable Found find(Object root, Sought sought) {
    try {
      return new Trail(sought).walk(root, "", root.getClass(), 0);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return null; // a getter or an iterator of the value; what went wrong first counts
    }
  }

  private static String sentence(@Nullable Object root, Found found) {
    boolean lambda = root != null && Tag.of(root.getClass()) == Tag.LAMBDA;
    String name = name(found.type());
    String fault = fault(found.culprit());
    if (found.path().isEmpty()) {
      return name + " " + fault;
    }
    if (!lambda) {
      return "field path " + found.path() + " (" + name + ") " + fault;
    }
    return found.path().startsWith("captured")
        ? found.path() + " (" + name + ") " + fault + cure(found)
        : "captures " + found.path() + " (" + name + "), which " + fault + cure(found);
  }

  private static String name(Class<?> type) {
    if (type.isHidden() && type.getInterfaces().length > 0) {
      return type.getInterfaces()[0].getTypeName();
    }
    return type.getTypeName();
  }

  private static String fault(Object culprit) {
    Class<?> type = culprit.getClass();
    if (type.isHidden()) {
      return type.isSynthetic()
          ? "is a lambda of a type that is not serializable; use one that is, such as"
              + " io.fanwise.work.Task"
          : "is an instance of a hidden class, which no other JVM can find";
    }
    return culprit instanceof Path ? "is of another file system" : "is not serializable";
  }

  private static String cure(Found found) {
    if (found.culprit().getClass().isHidden()) {
      return "";
    }
    if (found.path().endsWith(".this")) {
      return ". Copy the fields that the task uses into local variables, or make "
          + found.type().getSimpleName()
          + " implement Serializable.";
    }
    String noun = found.type().getSimpleName();
    noun = noun.substring(0, 1).toLowerCase(Locale.ROOT) + noun.substring(1);
    return (found.culprit() instanceof AutoCloseable ? ". Open the " : ". Create the ")
        + noun
        + " inside the task, or in Processes.initializer.";
  }

  private @Nullable Found walk(@Nullable Object object, String path, Class<?> declared, int depth) {
    int deepest = sought == Sought.DEEP ? Encoder.DEEPEST : DEEPEST;
    if (object == null || visited.size() > FARTHEST) {
      return null;
    }
    if (depth >= deepest) {
      return sought == Sought.DEEP ? new Found(path, declared, object) : null;
    }
    if (!visited.add(object)) {
      return null;
    }
    int tag = Tag.of(object.getClass());
    if (tag == Tag.NONE || (tag == Tag.PATH && Encoder.isForeign((Path) object))) {
      if (sought == Sought.DEEP) {
        return null;
      }
      boolean vague = declared == Object.class || declared.isPrimitive();
      return new Found(path, vague ? object.getClass() : declared, object);
    }
    if (tag == Tag.LAMBDA) {
      return captured(object, path, depth);
    }
    for (Part part : Part.of(object, tag)) {
      Found found = walk(part.value(), way(path, part.step()), part.declared(), depth + 1);
      if (found != null) {
        return new Found(trimmed(found.path()), found.type(), found.culprit());
      }
    }
    return null;
  }

  private String way(String path, String step) {
    if (sought == Sought.DEEP && path.length() >= BEGINNING) {
      return path.endsWith(AND_SO_ON) ? path : path + AND_SO_ON;
    }
    return path + step;
  }

  private static String trimmed(String path) {
    return path.startsWith(".") ? path.substring(1) : path;
  }

  private @Nullable Found captured(Object lambda, String path, int depth) {
    SerializedLambda form = Closure.form(lambda);
    boolean body = form.getImplMethodName().startsWith(BODY);
    int first = Closure.isOfInstance(form) ? 1 : 0;
    for (int i = 0; i < form.getCapturedArgCount(); i++) {
      String step = "captured argument " + (i + 1);
      if (i < first) {
        String home = form.getImplClass().substring(form.getImplClass().lastIndexOf('/') + 1);
        home = home.substring(home.lastIndexOf('$') + 1);
        step = body ? home + ".this" : "captured receiver";
      } else if (body) {
        step = "captured argument " + (i + 1 - first);
      }
      Object value = form.getCapturedArg(i);
      Class<?> declared = Closure.parameter(form, i - first, lambda.getClass().getClassLoader());
      String next = path.isEmpty() ? step : path + ", " + step;
      Found found = walk(value, next, declared, depth + 1);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
