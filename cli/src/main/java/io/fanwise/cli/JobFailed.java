package io.fanwise.cli;

import io.fanwise.cli.exec.Exit;
import io.fanwise.cli.exec.Finished;

/// A program ran, and did not end well.
final class JobFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Printed printed;

  JobFailed(Finished finished, Printed printed) {
    super(message(finished), null, false, false);
    this.printed = printed;
  }

  /// What it printed all the same.
  Printed printed() {
    return printed;
  }

  private static String message(Finished finished) {
    String end =
        switch (finished.exit()) {
          case Exit.Code(int code) when code != 0 -> "exit " + code;
          case Exit.Code _ ->
              "it printed %s bytes, more than fan keeps (%s): send them to a file"
                  .formatted(
                      Counts.number(finished.stdout().printed()),
                      Counts.number(finished.stdout().size()));
          case Exit.Signal signal -> "ended by " + signal.name();
        };
    String last = lastLine(finished.stderr().text());
    return last.isEmpty() ? end : end + ": " + last;
  }

  private static String lastLine(String text) {
    String stripped = text.strip();
    return stripped.substring(stripped.lastIndexOf('\n') + 1).strip();
  }
}
