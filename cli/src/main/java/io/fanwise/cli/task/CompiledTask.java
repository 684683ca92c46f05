package io.fanwise.cli.task;

import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/// A task that is ready to run, and the classes it is made of.
///
/// @param task safe for use by many threads if what the user wrote is; its result is never null,
///   and [NoResult] if it has none
/// @param type the user's class that it runs
/// @param classes loads the user's classes and knows their bytes
public record CompiledTask(Task<Row, Object> task, Class<?> type, TaskClasses classes) {
  /// Enough of a digest to tell two versions of a file.
  private static final int DIGITS = 16;

  /// What tells it from other tasks, in words: what the user wrote, and digests of what that names
  /// and of the class path.
  ///
  /// @param text what the user wrote
  /// @return one line, or more if the text has them
  public String words(String text) {
    try {
      List<Path> classPath = classes.classPath();
      String library =
          classPath.isEmpty()
              ? ""
              : " with classes (%s)".formatted(shown(CodeOnPath.digest(classPath)));
      return "map " + text + own(text) + library;
    } catch (IOException e) {
      throw new BadTask("Cannot read %s again: %s".formatted(text, e.getMessage()), e);
    }
  }

  /// A digest of what the text names, if it is not the task itself.
  private String own(String text) throws IOException {
    if (text.endsWith(".java")) {
      return " (%s)"
          .formatted(shown(CodeOnPath.sha256().digest(Files.readAllBytes(Path.of(text)))));
    }
    if (classes.compiled().containsKey(type.getName())) {
      return "";
    }
    try (InputStream bytes =
        classes.getResourceAsStream(type.getName().replace('.', '/') + ".class")) {
      byte[] code = bytes == null ? new byte[0] : bytes.readAllBytes();
      return " (%s)".formatted(shown(CodeOnPath.sha256().digest(code)));
    }
  }

  private static String shown(byte[] digest) {
    return "sha256 %s…".formatted(HexFormat.of().formatHex(digest, 0, DIGITS / 2));
  }

  /// For a worker JVM, which does not know that what it is sent comes with classes of its own.
  ///
  /// @param whole the task and whatever is done with its results
  /// @param <R> what that gives
  /// @return the same, with the user's class loader as that of the thread
  public <R> Task<Row, R> elsewhere(Task<Row, R> whole) {
    return new Elsewhere<>(whole, type);
  }

  private record Elsewhere<R>(Task<Row, R> whole, Class<?> type) implements Task<Row, R> {
    @Override
    public R run(Row row) throws Exception {
      Thread.currentThread().setContextClassLoader(type.getClassLoader());
      return whole.run(row);
    }
  }
}
