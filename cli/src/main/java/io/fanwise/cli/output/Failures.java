package io.fanwise.cli.output;

import io.fanwise.rows.Compression;
import io.fanwise.rows.Csv;
import io.fanwise.rows.Format;
import io.fanwise.rows.Header;
import io.fanwise.rows.Json;
import io.fanwise.rows.Row;
import io.fanwise.work.ThrownElsewhere;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The inputs that failed, in a file that can be the input of another run, and why they did, in a
/// file beside it.
///
/// `failed.csv` has the inputs as they were (in UTF-8), in the format they had, with the header if
/// they had one. `failed.csv.errors.jsonl` has, in the same order, an object with `index`, `place`,
/// `input`, `error` and `attempts` for each. Both are emptied when opened.
///
/// Confined to the thread that writes.
public final class Failures implements AutoCloseable {

  private final Format format;
  private final Header header;
  private final Path file;
  private final Target inputs;
  private final Target errors;
  private List<String> columns = List.of();

  private Failures(Format format, Header header, Path file, Target inputs, Target errors) {
    this.format = format;
    this.header = header;
    this.file = file;
    this.inputs = inputs;
    this.errors = errors;
  }

  /// Opens both files.
  ///
  /// @param file where the inputs go
  /// @param format the format of the inputs; the file's extension must not say another
  /// @param header whether the inputs, if csv or tsv, name their columns
  /// @param others files that are in use, such as the inputs and the output
  /// @return the failures
  /// @throws BadOutput if a file cannot be written, is one of the others, or would be read as
  ///   another format
  public static Failures file(Path file, Format format, Header header, List<Path> others) {
    Format said = Format.of(file.toString());
    if (said != format && said != Format.LINES) {
      throw new BadOutput(
          "%s would be read as %s, but the inputs it is for are %s: name it failed.%s"
              .formatted(
                  file, said, format, format.tabular() || format == Format.JSONL ? format : "txt"));
    }
    Target inputs = Target.file(file, others);
    try {
      return new Failures(format, header, file, inputs, Target.file(errorsBeside(file), others));
    } catch (BadOutput e) {
      inputs.close();
      throw e;
    }
  }

  /// Keeps an input that failed.
  ///
  /// @param input the input
  /// @param error why it failed at last
  /// @param attempts how often it was tried
  /// @throws BadOutput if it cannot be written
  public void write(Row input, Throwable error, int attempts) {
    write(
        new Failure(input.index(), input.place(), input.text(), told(error), attempts),
        format.tabular() && header == Header.PRESENT ? input.columns() : List.of());
  }

  /// An input that failed, and why.
  ///
  /// @param index its position, from 0
  /// @param place where it stands
  /// @param input its text
  /// @param error why it failed at last
  /// @param attempts how often it was tried
  public record Failure(long index, String place, String input, String error, int attempts) {}

  /// Keeps an input that failed.
  ///
  /// @param failure the input, and why it failed
  /// @param named the columns its file names; none if it names none
  /// @throws BadOutput if it cannot be written
  public void write(Failure failure, List<String> named) {
    if (!named.isEmpty()) {
      writeHeader(failure, named);
    }
    inputs.add(failure.input()).end(format == Format.NUL ? '\0' : '\n');
    errors.add(Json.text(failure)).end('\n');
  }

  /// Hands on everything written so far.
  ///
  /// @throws BadOutput if it cannot be written
  public void flush() {
    inputs.flush();
    errors.flush();
  }

  /// Hands on everything and closes both files.
  ///
  /// @throws BadOutput if it cannot be written
  @Override
  public void close() {
    try (errors) {
      inputs.close();
    }
  }

  /// The file of reasons: `failed.csv.errors.jsonl` beside `failed.csv`, packed if that is.
  ///
  /// @param file the file of inputs
  /// @return the file of reasons
  public static Path errorsBeside(Path file) {
    String name = "" + file.getFileName();
    String packed =
        Compression.of(name) == Compression.NONE ? "" : name.substring(name.lastIndexOf('.'));
    String plain = name.substring(0, name.length() - packed.length());
    return file.resolveSibling(plain + ".errors.jsonl" + packed);
  }

  private void writeHeader(Failure input, List<String> named) {
    if (columns.isEmpty()) {
      columns = named;
      inputs.add(Csv.record(format, columns)).end('\n');
    } else if (!columns.equals(named)) {
      throw new BadOutput(
          "Cannot keep %s in %s: it has the columns %s, others have %s; run such files one by one"
              .formatted(
                  input.place(), file, String.join(", ", named), String.join(", ", columns)));
    }
  }

  /// What another JVM has told of by name is called by it.
  private static String named(Throwable error) {
    return error instanceof ThrownElsewhere there
        ? String.valueOf(there.getMessage())
        : error.toString();
  }

  /// Causes may go in a circle.
  private static String told(Throwable error) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return Stream.iterate(error, e -> e != null && seen.add(e), Throwable::getCause)
        .map(Failures::named)
        .collect(Collectors.joining("; caused by "));
  }
}
