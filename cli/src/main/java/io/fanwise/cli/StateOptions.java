package io.fanwise.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What becomes of a run that is killed, with `-o FILE`: its state is kept, and the same command
/// goes on from there. Confined to the thread that runs the command.
final class StateOptions {
  /// What `fan retry` adds to a command.
  static final String RETRY_FAILED = "--retry-failed";

  /// What parts the condition from the task where a run says what it does.
  static final String WHERE = " where ";

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Keep the state of the run there. Default: beside the results, in FILE.fan.")
  Optional<Path> folder = Optional.empty();

  @Option(names = "--fresh", description = "Forget what was done before, and start over.")
  boolean fresh;

  @Option(
      names = "--even-if-changed",
      description = "Go on although the inputs, the task or the output are others than before.")
  boolean evenIfChanged;

  @Option(
      names = RETRY_FAILED,
      description = "Run what failed once more, besides what is left: what fan retry does.")
  boolean retryFailed;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description =
          "Run one of N parts of the inputs, from 1/N to N/N, on a machine of its own; fan merge"
              + " makes one file of their results.")
  Optional<Shard> shard = Optional.empty();

  @Option(
      names = "--range",
      paramLabel = "A-B",
      description = "Run only the inputs with an index from A to B, counted from 0.")
  Optional<Range> range = Optional.empty();

  @Option(
      names = "--distinct",
      description =
          "Run inputs that are equal once: the others have the result of the first, each in its own"
              + " place, or have failed with it. Results are kept beside the state for that.")
  boolean distinct;

  @Option(
      names = "--durability",
      paramLabel = "WHAT",
      description =
          "disk: what is written survives the end of the machine; process: only that of fan."
              + " Default: disk.")
  Survives durability = Survives.DISK;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write how the run went there, as an object of JSON.")
  Optional<Path> report = Optional.empty();

  /// One of several parts of the inputs.
  ///
  /// @param number which, from 1
  /// @param of how many there are
  record Shard(int number, int of) {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})/(\\d{1,9})");

    /// Reads `2/4`.
    static Shard parse(String text) {
      Matcher written = WRITTEN.matcher(text);
      if (written.matches()) {
        Shard shard =
            new Shard(Integer.parseInt(written.group(1)), Integer.parseInt(written.group(2)));
        if (shard.number >= 1 && shard.number <= shard.of) {
          return shard;
        }
      }
      throw new TypeConversionException(
          "'%s' is no shard; write 1/4 for the first of four".formatted(text));
    }
  }

  /// Some inputs, one after another.
  ///
  /// @param from the index of the first
  /// @param to the index of the last
  record Range(long from, long to) {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    /// Reads `1000-1999`.
    static Range parse(String text) {
      Matcher written = WRITTEN.matcher(text);
      if (written.matches()) {
        Range range = new Range(Long.parseLong(written.group(1)), Long.parseLong(written.group(2)));
        if (range.from <= range.to) {
          return range;
        }
      }
      throw new TypeConversionException(
          "'%s' is no range; write 0-999 for the first thousand".formatted(text));
    }
  }

  /// The first of these options that is given and means nothing without `-o`; empty if none is.
  /// Asked by every run, so it does without what takes time to load.
  String pointless() {
    if (folder.isPresent()) {
      return "--state";
    }
    if (fresh) {
      return "--fresh";
    }
    if (evenIfChanged) {
      return "--even-if-changed";
    }
    if (retryFailed) {
      return RETRY_FAILED;
    }
    if (shard.isPresent()) {
      return "--shard";
    }
    if (range.isPresent()) {
      return "--range";
    }
    if (distinct) {
      return "--distinct";
    }
    return report.isPresent() ? "--report" : "";
  }

  /// What results survive. Not the pipeline's own type, so that a run without state need not load
  /// it.
  enum Survives {
    /// The end of the machine.
    DISK,
    /// The end of the process.
    PROCESS
  }

  /// Where the state of a run is kept that writes a file.
  Path folder(Path file) {
    return folder.orElseGet(() -> beside(file));
  }

  /// The folder beside a file of results.
  static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + ".fan");
  }
}
