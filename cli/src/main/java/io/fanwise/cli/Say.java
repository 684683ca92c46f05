package io.fanwise.cli;

import io.fanwise.cli.exec.NotStarted;
import io.fanwise.cli.output.BadOutput;
import io.fanwise.cli.task.BadTask;
import io.fanwise.http.HttpFailed;
import io.fanwise.rows.BadInput;
import io.fanwise.work.PushedBack;
import io.fanwise.work.TaskTimedOut;
import io.fanwise.work.ThrownElsewhere;
import io.fanwise.work.WorkerLost;
import java.io.PrintWriter;
import java.io.StringWriter;

/// Errors in words.
final class Say {
  private static final int LONGEST = 400;

  private Say() {}

  /// An error on one line: ours as they are, those of others with their name.
  static String briefly(Throwable error) {
    String message = error.getMessage() == null ? "" : error.getMessage();
    return oneLine(
        switch (error) {
          case JobFailed _,
              DoesNotFit _,
              BadInput _,
              BadOutput _,
              BadTask _,
              HttpFailed _,
              PushedBack _,
              NotStarted _,
              TaskTimedOut _,
              WorkerLost _ ->
              message;
          case ThrownElsewhere there -> named(simple(there.className()), there.text());
          default -> named(name(error), message);
        },
        LONGEST);
  }

  /// An error after which others would have failed too.
  static String stopped(Throwable error) {
    String anyway = error instanceof HttpFailed ? "; if not, add --keep-going" : "";
    return "%s. Others would fail in the same way, so the run stops%s"
        .formatted(briefly(error), anyway);
  }

  /// What an error says, whoever threw it.
  static String message(Throwable error) {
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }

  /// An error with its whole trace.
  static String wholly(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text, true));
    return text.toString().stripTrailing();
  }

  /// Text on one line of at most so many characters, without what would move a terminal's cursor.
  static String oneLine(String text, int longest) {
    String line = text.strip().replaceAll("\\R", " ⏎ ").replaceAll("\\p{Cntrl}", "·");
    return line.length() <= longest ? line : line.substring(0, longest) + "…";
  }

  private static String named(String name, String message) {
    return message.isEmpty() ? name : name + ": " + message;
  }

  private static String simple(String className) {
    return className.substring(
        Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
  }

  private static String name(Throwable error) {
    String name = error.getClass().getSimpleName();
    return name.isEmpty() ? error.getClass().getName() : name;
  }
}
