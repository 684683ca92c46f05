package io.fanwise.cli;

import io.fanwise.rows.Row;

/// What is said about inputs that failed: the first few one by one, the rest as a number. Confined
/// to the thread that runs the command.
final class Reports {
  private static final int SAID = 10;
  private static final int LONGEST_INPUT = 100;

  private final Screen screen;
  private final boolean quiet;
  private final boolean stack;
  private long failed;

  Reports(Screen screen, ShowOptions how) {
    this.screen = screen;
    this.quiet = how.quiet;
    this.stack = how.stack;
  }

  void failed(Row input, Throwable error, int attempts) {
    failed++;
    if (!quiet && failed <= SAID) {
      screen.say(
          "fan: %s (%s) failed%s: %s"
              .formatted(
                  input.place(),
                  Say.oneLine(input.text(), LONGEST_INPUT),
                  attempts > 1 ? " after " + attempts + " attempts" : "",
                  stack ? Say.wholly(error) : withoutPlace(Say.briefly(error), input)));
    }
  }

  /// What is said already is not said again.
  private static String withoutPlace(String error, Row input) {
    return error.startsWith(input.place() + ":")
        ? error.substring(error.indexOf(": ", input.place().length()) + 2)
        : error;
  }

  /// Says how many more there were, and where they are.
  void sumUp(String where) {
    if (!quiet && failed > SAID) {
      screen.say("fan: … and %s more; %s".formatted(Counts.number(failed - SAID), where));
    }
  }
}
