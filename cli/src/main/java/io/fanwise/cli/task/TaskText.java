package io.fanwise.cli.task;

import io.fanwise.rows.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A task as it stands on the command line: a Java expression, a path to a `.java` file, or the
/// name of a class. Immutable.
///
/// - An expression such as `line.length()` uses the names `line` (the input's text), `json` (its
///   JSON), `col("price")` and `col(1)` (its columns), `row` (the [Row]), `number` (from 1) and
///   `index` (from 0). It may be a block that returns, or statements without the braces. It may
///   also be a lambda, `x -> …`, whose parameter is a [Row] for csv and tsv, a
///   [JsonNode][tools.jackson.databind.JsonNode] for jsonl, a `String` otherwise; or what is
///   written before it: `(Row x) -> …`.
/// - A file has one public class, which is a [Task] or an [Action][io.fanwise.work.Action], or has
///   one public method that takes a `String`, a [Row], a `JsonNode` or an `Object`.
/// - A class is one like that, on the class path.
///
/// A task without a result, such as `Files.delete(Path.of(line))` or a `void` method, succeeds with
/// [NoResult]. One that returns null fails.
///
/// @param text what the user wrote
/// @param format the format of the inputs
/// @param classPath folders and jars whose classes the task may use; `lib/*` is every jar in `lib`
public record TaskText(String text, Format format, List<String> classPath) {

  private static final Pattern DOTTED = Pattern.compile("[\\p{L}_$][\\w$]*(\\.[\\p{L}_$][\\w$]*)*");
  private static final Pattern CLASS = Pattern.compile("(\\p{Ll}\\w*\\.)*\\p{Lu}[\\w$]*");

  /// Keeps its own list.
  public TaskText {
    classPath = List.copyOf(classPath);
  }

  /// Makes the task.
  ///
  /// @return the task
  /// @throws BadTask if it does not compile, or is missing, or does not fit
  public CompiledTask compile() {
    return compile(Role.TASK);
  }

  /// Makes the task of something else than what is done with each input.
  ///
  /// @param role what it is there for
  /// @return the task
  /// @throws BadTask if it does not compile, or is missing, or does not fit
  public CompiledTask compile(Role role) {
    List<Path> entries = TaskClasses.entries(classPath);
    if (text.isBlank()) {
      throw new BadTask(
          "The task is empty; write what to do with each input, such as 'line.length()'.");
    }
    if (text.endsWith(".java")) {
      return file(entries);
    }
    return named(entries).orElseGet(() -> expression(role, entries));
  }

  private CompiledTask expression(Role role, List<Path> entries) {
    try (Javac javac = new Javac(entries)) {
      return loaded(role.type(), Expression.compile(role, text, format, javac), entries);
    }
  }

  private CompiledTask file(List<Path> entries) {
    try (Javac javac = new Javac(entries)) {
      Source source = Source.file(text, Files.readString(Path.of(text)));
      String name = javac.publicClass(source);
      return loaded(name, javac.compile(source).orThrow(), entries);
    } catch (NoSuchFileException e) {
      throw new BadTask("No such file: " + text, e);
    } catch (IOException e) {
      throw new BadTask("Cannot read %s: %s".formatted(text, e.getMessage()), e);
    }
  }

  /// A dotted name may be an expression too, such as `row.number`: it is a class if there is one,
  /// or if it is written like one.
  private Optional<CompiledTask> named(List<Path> entries) {
    boolean dotted = text.indexOf('.') >= 0 || !entries.isEmpty();
    if (!dotted || !DOTTED.matcher(text).matches()) {
      return Optional.empty();
    }
    if (exists(entries)) {
      return Optional.of(loaded(text, Map.of(), entries));
    }
    if (CLASS.matcher(text).matches()) {
      String where =
          classPath.isEmpty()
              ? "name its jar or folder with --class-path"
              : String.join(", ", classPath);
      throw new BadTask("No class %s on the class path: %s".formatted(text, where));
    }
    return Optional.empty();
  }

  private boolean exists(List<Path> entries) {
    try (TaskClasses classes = new TaskClasses(Map.of(), entries)) {
      return classes.getResource(text.replace('.', '/') + ".class") != null;
    } catch (IOException e) {
      throw new BadTask("Cannot look for class %s: %s".formatted(text, e.getMessage()), e);
    }
  }

  private CompiledTask loaded(String name, Map<String, byte[]> compiled, List<Path> entries) {
    TaskClasses classes = new TaskClasses(compiled, entries);
    try {
      Class<?> type = classes.loadClass(name);
      return new CompiledTask(ClassTask.of(type, format), type, classes);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new BadTask("Cannot load class %s: %s".formatted(name, e), e);
    }
  }
}
