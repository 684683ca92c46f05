package io.fanwise.processes;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A variable of a notebook that code going to a worker reads, and its value. Immutable, apart from
/// the value.
///
/// @param loader the loader of the class that it is a static field of
/// @param className the binary name of that class
/// @param field its name
/// @param type the name of its declared type
/// @param value its value when it was read
record Variable(
    ClassLoader loader, String className, String field, String type, @Nullable Object value) {

  private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$\\w+\\$");

  /// How a user knows it: "variable `db` (java.sql.Connection) that the snippet reads".
  String described() {
    return "variable `%s` (%s) that the snippet reads"
        .formatted(field, WRAPPER.matcher(type).replaceAll(""));
  }

  /// What to throw when the value cannot be sent.
  IllegalArgumentException refused(Throwable why) {
    return new IllegalArgumentException(
        "Cannot send the task to another JVM: %s cannot be sent: %s. Make the value inside the task, or hand it over as an input."
            .formatted(described(), why.getMessage()),
        why);
  }
}
