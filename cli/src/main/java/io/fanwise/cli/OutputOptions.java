package io.fanwise.cli;

import io.fanwise.cli.output.Failures;
import io.fanwise.cli.output.Part;
import io.fanwise.cli.output.Results;
import io.fanwise.cli.output.Writing;
import io.fanwise.rows.Format;
import io.fanwise.rows.Inputs;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where results go, and what is said of each. Confined to the thread that runs the command.
final class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Write results here, not to standard output. A name in .jsonl, .csv or .tsv says the format,"
              + " .gz or .zst packs them.")
  Optional<Path> file = Optional.empty();

  @Option(
      names = "--output-format",
      paramLabel = "FORMAT",
      description =
          "lines, csv, tsv, jsonl or nul. Default: what the name of the file says, or lines.")
  Optional<Format> format = Optional.empty();

  @Option(
      names = "--echo",
      description = "Write each input beside its result: its columns, or one column of text.")
  boolean echo;

  @Option(
      names = "--with",
      paramLabel = "PART",
      split = ",",
      description = "Write also index (from 0), input, attempts, ms; several with commas between.")
  List<Part> parts = new ArrayList<>();

  @Option(
      names = "--failures",
      paramLabel = "FILE",
      description =
          "Keep the inputs that failed, as they were: a file to run again. The file beside it with"
              + " .errors.jsonl added says why they failed.")
  Optional<Path> failures = Optional.empty();

  Writing writing() {
    Writing writing = Writing.to(file);
    if (format.isPresent()) {
      writing = writing.format(format.get());
    }
    if (echo) {
      writing = writing.with(Part.INPUT);
    }
    for (Part part : parts) {
      writing = writing.with(part);
    }
    return writing;
  }

  Results results(OutputStream out, Inputs inputs) {
    return file.isPresent()
        ? Results.file(file.get(), writing(), inputs.files())
        : Results.standard(out, writing());
  }

  Optional<Failures> failures(Inputs inputs, InputOptions how) {
    List<Path> others = new ArrayList<>(inputs.files());
    file.ifPresent(others::add);
    return failures.map(kept -> Failures.file(kept, inputs.format(), how.header(), others));
  }
}
