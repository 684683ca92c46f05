package io.fanwise.cli.exec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One program to start: its words, and what it finds when it starts. Immutable.
///
/// The program is looked for on the PATH of this JVM, unless its name has a slash in it; then it is
/// taken from `directory`.
///
/// @param words the program and its arguments, each handed over as it is: no shell reads them
/// @param environment variables added to those of this JVM, or put in their place
/// @param directory where the program runs; the empty path is where this JVM runs
/// @param stdin what the program reads from standard input; nothing unless given
/// @param keep how much of what it prints is kept
public record Command(
    List<String> words, Map<String, String> environment, Path directory, String stdin, Keep keep) {

  private static final String NUL = "\0";

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
    if (words.isEmpty() || words.getFirst().isEmpty()) {
      throw new IllegalArgumentException("A command needs a program, there was none in " + words);
    }
    for (String word : words) {
      refuseNul("An argument of " + visible(words.getFirst()), word);
    }
    environment.forEach(Command::refuseVariable);
  }

  /// A command made of these words, with nothing to read, in this directory.
  public static Command of(List<String> words) {
    return new Command(words, Map.of(), Path.of(""), "", Keep.DEFAULT);
  }

  /// A command made of these words, with nothing to read, in this directory.
  public static Command of(String... words) {
    return of(List.of(words));
  }

  /// This command with these variables added to its environment.
  public Command environment(Map<String, String> environment) {
    return new Command(words, environment, directory, stdin, keep);
  }

  /// This command, run in `directory`.
  public Command directory(Path directory) {
    return new Command(words, environment, directory, stdin, keep);
  }

  /// This command, reading `stdin` as UTF-8.
  public Command stdin(String stdin) {
    return new Command(words, environment, directory, stdin, keep);
  }

  /// This command, keeping that much of what it prints.
  public Command keep(Keep keep) {
    return new Command(words, environment, directory, stdin, keep);
  }

  /// The program to be started, as it was given.
  public String program() {
    return words.getFirst();
  }

  private static void refuseVariable(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException(
          "The name of an environment variable must not be empty or contain '=', was '"
              + name
              + "'");
    }
    refuseNul("The name of an environment variable", name);
    refuseNul("The environment variable " + name, value);
  }

  private static void refuseNul(String what, String text) {
    if (text.contains(NUL)) {
      throw new IllegalArgumentException(
          what
              + " contains a NUL character, which no program can be given: '"
              + visible(text)
              + "'");
    }
  }

  private static String visible(String text) {
    return text.replace(NUL, "\\0");
  }
}
