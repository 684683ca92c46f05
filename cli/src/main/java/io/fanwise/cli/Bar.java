package io.fanwise.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Progress as one line at the bottom of the terminal. Confined to the thread that runs the
/// command.
///
/// ```
///  42% ━━━━━━━━╸━━━━━━━━━━━  12,345/29,000  1,234/s  3 failed  0:13 left  2 of 8 running
/// ```
record Bar(Screen screen, Terminal terminal) implements ProgressView {
  /// Nobody wants to see a bar flash by.
  private static final Duration PATIENCE = Duration.ofMillis(400);

  private static final int USUAL_WIDTH = 80;
  private static final int WIDEST = 30;
  private static final int NARROWEST = 6;
  private static final String DIM = "\u001b[2m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  @Override
  public void show(Counts counts) {
    if (counts.elapsed().compareTo(PATIENCE) >= 0) {
      int width = terminal.width();
      screen.show(line(counts, (width == 0 ? USUAL_WIDTH : width) - 1));
    }
  }

  /// The line, not wider than `width`: where there is little room, the least important goes first.
  static String line(Counts counts, int width) {
    List<String> parts = parts(counts);
    while (parts.size() > 1 && length(parts) > width) {
      parts.removeLast();
    }
    int room = width - length(parts) - " 100%   ".length();
    if (counts.total().isEmpty() || room < NARROWEST) {
      return coloured(String.join("  ", parts), counts);
    }
    double part = Math.min(1, counts.finished() / (double) Math.max(1, counts.total().getAsLong()));
    return String.format(Locale.ROOT, "%3d%% ", (int) (part * 100))
        + bar(part, Math.min(room, WIDEST))
        + "  "
        + coloured(String.join("  ", parts), counts);
  }

  /// The same in words, without colours.
  static String told(Counts counts) {
    return String.join(", ", parts(counts)).replace("  ", " ");
  }

  private static List<String> parts(Counts counts) {
    List<String> parts = new ArrayList<>();
    counts.kept().flatMap(Counts.Kept::paused).ifPresent(why -> parts.add("paused: " + why));
    parts.add(
        counts.total().isPresent()
            ? Counts.number(counts.finished()) + "/" + Counts.number(counts.total().getAsLong())
            : Counts.number(counts.finished()) + " finished");
    if (counts.failed() > 0) {
      parts.add(Counts.number(counts.failed()) + " failed");
    }
    parts.add(Counts.perSecond(counts.rate()));
    counts
        .secondsLeft()
        .ifPresent(left -> parts.add(Spans.clock(Duration.ofSeconds(left)) + " left"));
    String most = counts.limit() > 0 ? " of " + Counts.number(counts.limit()) : "";
    parts.add(Counts.number(counts.running()) + most + " running");
    if (counts.retried() > 0) {
      parts.add(Counts.number(counts.retried()) + " retried");
    }
    if (counts.pushedBack() > 0) {
      parts.add(Counts.number(counts.pushedBack()) + " pushed back");
    }
    counts.kept().ifPresent(kept -> addKept(parts, kept));
    parts.add(Spans.clock(counts.elapsed()) + " gone");
    return parts;
  }

  private static void addKept(List<String> parts, Counts.Kept kept) {
    if (!kept.median().isZero()) {
      parts.add("p50 %s p99 %s".formatted(Spans.brief(kept.median()), Spans.brief(kept.slow())));
    }
    if (kept.bytes() > 0) {
      parts.add(Counts.size(kept.bytes()) + " written");
    }
  }

  private static String coloured(String text, Counts counts) {
    String failed = Counts.number(counts.failed()) + " failed";
    return counts.failed() > 0 ? text.replace(failed, RED + failed + PLAIN) : text;
  }

  private static String bar(double part, int width) {
    int halves = (int) (part * width * 2);
    String done = "━".repeat(halves / 2) + (halves % 2 == 1 ? "╸" : "");
    return done + DIM + "━".repeat(width - (halves + 1) / 2) + PLAIN;
  }

  private static int length(List<String> parts) {
    return String.join("  ", parts).length();
  }
}
