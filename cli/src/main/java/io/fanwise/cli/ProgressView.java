package io.fanwise.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/// How the progress of a run is shown on standard error. Confined to the thread that runs the
/// command.
sealed interface ProgressView
    permits Bar, ProgressView.Plain, ProgressView.Json, ProgressView.None {

  /// Shows how far it has come; called a few times a second.
  void show(Counts counts);

  /// Whether the run says at its end how it went.
  default boolean sumsUp() {
    return true;
  }

  /// Whether it is for programs.
  default boolean json() {
    return false;
  }

  /// How the user asks for a view.
  enum Kind {
    /// A bar on a terminal, lines otherwise.
    AUTO,
    /// One line that changes.
    BAR,
    /// A line now and then.
    PLAIN,
    /// A line now and then, as JSON.
    JSON,
    /// Nothing.
    NONE;

    /// {@return the name users type}
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The view for a screen.
  static ProgressView of(Kind kind, Screen screen, Terminal terminal) {
    return switch (kind) {
      case AUTO -> of(terminal.error() ? Kind.BAR : Kind.PLAIN, screen, terminal);
      case BAR -> new Bar(screen, terminal);
      case PLAIN -> new Plain(screen, new Pace(Duration.ofSeconds(10)));
      case JSON -> new Json(screen, new Pace(Duration.ofSeconds(1)));
      case NONE -> new None();
    };
  }

  /// Nothing is shown.
  record None() implements ProgressView {
    @Override
    public void show(Counts counts) {
      // nobody looks
    }

    @Override
    public boolean sumsUp() {
      return false;
    }
  }

  /// A line from time to time, for logs.
  record Plain(Screen screen, Pace pace) implements ProgressView {
    @Override
    public void show(Counts counts) {
      if (pace.due(counts.elapsed())) {
        screen.say("fan: " + Bar.told(counts));
      }
    }
  }

  /// A JSON object from time to time, and one at the end, for programs.
  record Json(Screen screen, Pace pace) implements ProgressView {
    @Override
    public void show(Counts counts) {
      if (pace.due(counts.elapsed())) {
        screen.say(object(counts, false));
      }
    }

    @Override
    public boolean json() {
      return true;
    }

    static String object(Counts counts, boolean finished) {
      return String.format(
          Locale.ROOT,
          "{\"done\":%d,\"failed\":%d,\"retried\":%d,\"pushed_back\":%d,\"running\":%d,\"limit\":%d,\"total\":%s,"
              + "\"rate\":%.1f,\"eta_seconds\":%s,\"elapsed_seconds\":%.3f%s,\"finished\":%b}",
          counts.done(),
          counts.failed(),
          counts.retried(),
          counts.pushedBack(),
          counts.running(),
          counts.limit(),
          orNull(counts.total()),
          counts.rate(),
          orNull(counts.secondsLeft()),
          counts.elapsed().toNanos() / 1e9,
          counts.kept().map(Json::properties).orElse(""),
          finished);
    }

    private static String properties(Counts.Kept kept) {
      return String.format(
          Locale.ROOT,
          ",\"before\":%d,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"bytes\":%d,\"paused\":%s",
          kept.before(),
          kept.median().toNanos() / 1e6,
          kept.slow().toNanos() / 1e6,
          kept.bytes(),
          kept.paused().map(io.fanwise.rows.Json::text).orElse("null"));
    }

    private static String orNull(OptionalLong number) {
      return number.isPresent() ? Long.toString(number.getAsLong()) : "null";
    }
  }

  /// When a line is due again.
  final class Pace {
    private final Duration interval;
    private Duration next;

    Pace(Duration interval) {
      this.interval = interval;
      this.next = interval;
    }

    boolean due(Duration elapsed) {
      if (elapsed.compareTo(next) < 0) {
        return false;
      }
      next = elapsed.plus(interval);
      return true;
    }
  }
}
