package io.fanwise.cli.task;

import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A task that is ready to run, and the classes it is made of.
///
/// @param task safe for use by many threads if what the user wrote is; its result is never null,
///   and [NoResult] if it has none
/// @param type the user's class that it runs
/// @param classes loads the user's classes and knows their bytes
public record CompiledTask(Task<Row, Object> task, Class<?> type, TaskClasses classes) {
  /// Enough of a digest to tell two versions of a file.
  private static final int DIGITS = 16;

  /// What tells it from other tasks, in words: what the user wrote, and a digest of what that
  /// names.
  ///
  /// @param text what the user wrote
  /// @return one line, or more if the text has them
  public String words(String text) {
    String name = type.getName().replace('.', '/') + ".class";
    if (classes.compiled().containsKey(type.getName()) && !text.endsWith(".java")) {
      return "map " + text;
    }
    try (InputStream bytes = classes.getResourceAsStream(name)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (text.endsWith(".java")) {
        digest.update(Files.readAllBytes(Path.of(text)));
      } else if (bytes != null) {
        digest.update(bytes.readAllBytes());
      }
      String hex = HexFormat.of().formatHex(digest.digest(), 0, DIGITS / 2);
      return "map %s (sha256 %s…)".formatted(text, hex);
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new BadTask("Cannot read %s again: %s".formatted(text, e.getMessage()), e);
    }
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
