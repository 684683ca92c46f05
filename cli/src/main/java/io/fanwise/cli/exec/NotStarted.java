package io.fanwise.cli.exec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// A program could not be started. The message says why, and what to do.
public final class NotStarted extends RuntimeException {

  /// Why a program could not be started.
  public enum Reason {
    /// There is no such program, or not the interpreter its first line names.
    NO_PROGRAM,
    /// It is there, but not a program, or not for this user.
    NOT_EXECUTABLE,
    /// It should have run in a directory that does not exist.
    NO_DIRECTORY,
    /// Its arguments and environment are longer than the system allows.
    TOO_LONG,
    /// The system has no room now for another process, its memory or its open files.
    NO_ROOM,
    /// Anything else.
    OTHER
  }

  private final Reason reason;

  private NotStarted(Command command, Reason reason, String because) {
    super("Cannot start " + command.program() + ": " + because);
    this.reason = reason;
  }

  /// Why. All but `NO_ROOM` will be so the next time, too.
  public Reason reason() {
    return reason;
  }

  /// What an error number of the C library means for whoever wrote the command.
  static NotStarted of(Command command, int error) {
    if (!Files.isDirectory(command.directory())) {
      return new NotStarted(
          command,
          Reason.NO_DIRECTORY,
          "there is no directory " + command.directory() + " to run it in.");
    }
    return switch (error) {
      case Libc.ENOENT -> new NotStarted(command, Reason.NO_PROGRAM, whatIsMissing(command));
      case Libc.EACCES, Libc.ENOEXEC ->
          new NotStarted(command, Reason.NOT_EXECUTABLE, whatIsWrong(command));
      case Libc.E2BIG ->
          new NotStarted(
              command,
              Reason.TOO_LONG,
              "its arguments, %,d characters, and its environment are longer than the system allows. Hand them over by a file."
                  .formatted(command.words().stream().mapToLong(String::length).sum()));
      case Libc.EAGAIN, Libc.ENOMEM, Libc.EMFILE, Libc.ENFILE ->
          new NotStarted(
              command,
              Reason.NO_ROOM,
              "the system has no room for another process or its files. Use fewer jobs, or raise"
                  + " the limits (ulimit -u, ulimit -n).");
      default -> new NotStarted(command, Reason.OTHER, "the system refused, error " + error + ".");
    };
  }

  /// What the system said, where it did not say more.
  static NotStarted of(Command command, String because) {
    return new NotStarted(command, Reason.OTHER, because);
  }

  /// The file a command would run, first on the PATH unless its name has a slash.
  static Optional<Path> file(Command command) {
    if (command.program().contains("/")) {
      return Optional.of(command.directory().resolve(command.program())).filter(Files::exists);
    }
    String path = System.getenv().getOrDefault("PATH", "/bin:/usr/bin");
    return Stream.of(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory, command.program()))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static String whatIsMissing(Command command) {
    if (file(command).isPresent()) {
      return "the interpreter in its first line, "
          + firstLine(file(command).get())
          + ", does not exist.";
    }
    return command.program().contains("/")
        ? "there is no such file."
        : "there is no such program on the PATH.";
  }

  private static String whatIsWrong(Command command) {
    Path file = file(command).orElse(Path.of(command.program()));
    return Files.isDirectory(file)
        ? "it is a directory."
        : file + " may not be executed. Run chmod +x on it, or put its interpreter in front.";
  }

  private static String firstLine(Path script) {
    try (BufferedReader lines = Files.newBufferedReader(script, ISO_8859_1)) {
      return Optional.ofNullable(lines.readLine()).orElse("");
    } catch (IOException e) {
      return "which cannot be read";
    }
  }
}
