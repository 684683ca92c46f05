package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.cli.output.BadOutput;
import io.fanwise.pipeline.RunState;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Compression;
import io.fanwise.rows.Csv;
import io.fanwise.rows.Format;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fan merge`: the results of all shards of a run as one file.
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Makes one file of the results of all shards of a run.",
    description = {
      "",
      "They have to be of the same inputs, task and format, all at their ends, all there, and none",
      "twice. Results written by --with index, as jsonl, csv or tsv, are put in the order of inputs;",
      "others come shard after shard. Nothing is changed in the files that are read.",
      ""
    })
final class MergeCommand implements Callable<Integer> {
  /// Of the heap, so much is for records while they are sorted; as objects they take three times
  /// their bytes.
  private static final int SHARE_HELD = 12;

  private final Launch launch;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "The results of the shards, in any order.")
  List<Path> files = List.of();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "Where the whole is written; .gz or .zst packs it.")
  Path output = Path.of("");

  @Option(names = "--fresh", description = "Overwrite it if it is there.")
  boolean fresh;

  MergeCommand(Launch launch) {
    this.launch = launch;
  }

  @Override
  public Integer call() {
    List<KeptState> shards = numbered(files.stream().map(KeptState::of).toList());
    if (Files.exists(output) && !fresh) {
      throw new BadInput(
          output
              + " is there already: move it away, write to another file, or overwrite it by --fresh");
    }
    long records = write(shards);
    long failed = shards.stream().mapToLong(shard -> shard.state().failed()).sum();
    String failures = failed == 0 ? "" : "; %s inputs failed".formatted(Counts.number(failed));
    new Screen(launch.streams().err())
        .say(
            "fan: %s records of %d shards in %s, %s%s"
                .formatted(Counts.number(records), shards.size(), output, order(shards), failures));
    return failed == 0 ? ExitCodes.GOOD : ExitCodes.SOME_FAILED;
  }

  private static String order(List<KeptState> shards) {
    return shards.getFirst().indexed() ? "in the order of inputs" : "shard after shard";
  }

  /// By their numbers, if they are all shards of one run.
  private static List<KeptState> numbered(List<KeptState> given) {
    RunState first = given.getFirst().state();
    Map<Integer, KeptState> shards = new TreeMap<>();
    for (KeptState each : given) {
      RunState state = each.state();
      refuseOther("reads other inputs", first.source(), state.source(), given.getFirst(), each);
      refuseOther("has another task", first.task(), state.task(), given.getFirst(), each);
      refuseOther(
          "is written otherwise",
          given.getFirst().writing(),
          each.writing(),
          given.getFirst(),
          each);
      refuseOther(
          "is about other inputs",
          whole(first.part()),
          whole(state.part()),
          given.getFirst(),
          each);
      if (!state.complete()) {
        throw new BadInput(
            "%s is not at its end: go on with it first%s"
                .formatted(
                    each.output(),
                    each.again(Path.of("").toAbsolutePath()).map(", by: "::concat).orElse("")));
      }
      KeptState twice = shards.putIfAbsent(state.part().shard(), each);
      if (twice != null) {
        throw new BadInput(
            "%s and %s are the same shard, %d of %d: leave one of them out"
                .formatted(
                    twice.output(), each.output(), state.part().shard(), state.part().shards()));
      }
    }
    refuseMissing(shards, first.part().shards());
    return List.copyOf(shards.values());
  }

  private static void refuseMissing(Map<Integer, KeptState> shards, int all) {
    List<String> missing = new ArrayList<>();
    for (int shard = 1; shard <= all; shard++) {
      if (!shards.containsKey(shard)) {
        missing.add(shard + " of " + all);
      }
    }
    if (!missing.isEmpty()) {
      throw new BadInput("not all shards are there; missing: " + String.join(", ", missing));
    }
  }

  /// Of which part of the inputs it is a shard.
  private static RunState.Part whole(RunState.Part part) {
    return new RunState.Part(part.from(), part.to(), 1, part.shards());
  }

  private static void refuseOther(
      String what, Object expected, Object was, KeptState first, KeptState other) {
    if (!expected.equals(was)) {
      throw new BadInput(
          "%s %s than %s: %s, not %s"
              .formatted(other.output(), what, first.output(), was, expected));
    }
  }

  private long write(List<KeptState> shards) {
    Path fresh = output.resolveSibling(output.getFileName() + ".new");
    try {
      long records;
      try (OutputStream out =
          new BufferedOutputStream(
              Compression.of("" + output).packing(Files.newOutputStream(fresh)))) {
        List<KeptState> filled =
            shards.stream().filter(shard -> shard.mark().records() > 0).toList();
        List<String> header = header(filled);
        records =
            filled.isEmpty() || !filled.getFirst().indexed()
                ? oneAfterAnother(filled, out)
                : inOrder(filled, header, out);
      }
      Files.move(fresh, output, StandardCopyOption.REPLACE_EXISTING);
      return records;
    } catch (IOException e) {
      throw BadOutput.of(output, e);
    }
  }

  /// The columns that all of them have; none if they are no tables.
  private static List<String> header(List<KeptState> shards) {
    List<String> header = List.of();
    for (KeptState shard : shards) {
      if (shard.format().tabular()) {
        List<String> columns = KeptSink.columns(shard.output(), shard.format());
        if (!header.isEmpty() && !header.equals(columns)) {
          throw new BadInput(
              "%s has the columns %s, others have %s: write jsonl, where each result can have its own"
                  .formatted(
                      shard.output(), String.join(", ", columns), String.join(", ", header)));
        }
        header = columns;
      }
    }
    return header;
  }

  private long inOrder(List<KeptState> shards, List<String> header, OutputStream out)
      throws IOException {
    Format format = shards.getFirst().format();
    Path beside = output.resolveSibling(output.getFileName() + ".sorted");
    long held = Runtime.getRuntime().maxMemory() / SHARE_HELD;
    try (Collation all = new Collation(format, beside, held)) {
      for (KeptState shard : shards) {
        all.add(shard.output());
      }
      if (!header.isEmpty()) {
        out.write((Csv.record(format, header) + "\n").getBytes(UTF_8));
      }
      return all.writeTo(out);
    }
  }

  private static long oneAfterAnother(List<KeptState> shards, OutputStream out) throws IOException {
    long records = 0;
    for (KeptState shard : shards) {
      try (InputStream in =
          new BufferedInputStream(Compression.unpacked(Files.newInputStream(shard.output())))) {
        if (records > 0 && shard.format().tabular()) {
          skipHeader(in);
        }
        in.transferTo(out);
      }
      records += shard.mark().records();
    }
    return records;
  }

  /// Leaves out the first record of a table, in which quoted line ends mean nothing.
  private static void skipHeader(InputStream in) throws IOException {
    boolean quoted = false;
    for (int next = in.read(); next >= 0 && (quoted || next != '\n'); next = in.read()) {
      quoted ^= next == '"';
    }
  }
}
