package io.fanwise.cli.task;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;

/// What the compiler objects to in one source.
record Errors(Source source, List<Diagnostic<? extends JavaFileObject>> all) {

  private static final int SHOWN = 5;
  private static final Pattern NO_VALUE =
      Pattern.compile("missing return|void cannot be converted to Object");
  private static final Pattern QUALIFIED = Pattern.compile("\\b(?:\\p{Ll}\\w*\\.)+(?=\\p{Lu})");
  private static final Pattern GENERATED_PLACE =
      Pattern.compile(
          "\\R\\s*location: class Fan\\w+(\\.Fan\\w+)?| in (class|method) Fan\\w+(\\.Fan\\w+)?| in"
              + " method fan\\w+\\([^)]*\\)");

  static Errors of(Source source, DiagnosticCollector<JavaFileObject> problems) {
    return new Errors(
        source,
        problems.getDiagnostics().stream()
            .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
            .toList());
  }

  boolean none() {
    return all.isEmpty();
  }

  /// Whether something was wanted of the user's code that it may do without: a value.
  boolean forWantOfValue() {
    return all.stream().map(Errors::message).anyMatch(message -> NO_VALUE.matcher(message).find());
  }

  /// The first alone: what follows an error of syntax is often its echo.
  Errors first() {
    return new Errors(source, all.subList(0, 1));
  }

  BadTask report() {
    String shown = all.stream().limit(SHOWN).map(this::shown).collect(Collectors.joining("\n"));
    return new BadTask(all.size() == 1 ? shown : shown + "\n" + all.size() + " errors");
  }

  private String shown(Diagnostic<?> error) {
    return source.error(error.getPosition(), message(error));
  }

  /// As javac prints it: names without packages, and nothing of what was generated around the
  /// user's code.
  private static String message(Diagnostic<?> error) {
    String message = QUALIFIED.matcher("" + error.getMessage(Locale.ROOT)).replaceAll("");
    return GENERATED_PLACE.matcher(message).replaceAll("");
  }
}
