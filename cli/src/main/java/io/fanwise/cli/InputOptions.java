package io.fanwise.cli;

import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Format;
import io.fanwise.rows.Header;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What is read, and how. Confined to the thread that runs the command.
final class InputOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "lines, csv, tsv, jsonl, or nul (as find -print0 writes them). Default: what the name of the"
              + " file says, also before .gz and .zst, or else lines.")
  Optional<Format> format = Optional.empty();

  @Option(
      names = "--header",
      negatable = true,
      fallbackValue = "true",
      description =
          "Whether the first record of csv and tsv files names the columns. Default: it does.")
  boolean header = true;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description = "Encoding of the inputs, such as ISO-8859-1. Default: UTF-8.")
  Charset encoding = StandardCharsets.UTF_8;

  @Option(
      names = "--where",
      paramLabel = "EXPR",
      description =
          "Leave out inputs for which this is false; an expression as map has it, such as"
              + " 'col(\"price\") != \"\"'. They count as done, and have no record.")
  Optional<String> where = Optional.empty();

  @Option(
      names = "--sample",
      paramLabel = "N",
      description =
          "Run only N inputs, taken at random from all, write their results to standard output, and"
              + " say what all would take. Nothing is kept.")
  Optional<Integer> sample = Optional.empty();

  Inputs open(List<String> files, InputStream in) {
    return Inputs.of(files, in, reading());
  }

  /// Opens files at a place where they were left.
  Inputs open(List<String> files, Bookmark from) {
    return Inputs.of(files, InputStream.nullInputStream(), reading(), from);
  }

  Header header() {
    return header ? Header.PRESENT : Header.ABSENT;
  }

  Reading reading() {
    Reading reading = Reading.standard().header(header()).encoding(encoding);
    return format.map(reading::format).orElse(reading);
  }
}
