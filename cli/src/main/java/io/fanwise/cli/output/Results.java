package io.fanwise.cli.output;

import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Where results go, a record for each, each written whole. What is written shows when the buffer
/// is full, or on [#flush()].
///
/// Confined to the thread that writes.
public final class Results implements AutoCloseable {

  private final Writing writing;
  private final Target target;
  private final Records records;

  private Results(Writing writing, Target target) {
    this.writing = writing;
    this.records = new Records(writing, List.of());
    this.target = target;
  }

  /// Writes to a file, which grows as results come.
  ///
  /// @param file the file; it is emptied, and packed if its name ends in `.gz`, `.zst` or `.zstd`
  /// @param writing how
  /// @param others files that are in use, such as the inputs
  /// @return the output
  /// @throws BadOutput if the file cannot be written, or is one of the others
  public static Results file(Path file, Writing writing, List<Path> others) {
    return new Results(writing, Target.file(file, others));
  }

  /// Refuses a file that is no place for results, before anything is written.
  ///
  /// @param file the file
  /// @param others files that are in use, such as the inputs
  /// @throws BadOutput if it is one of the others, a directory, or in none
  public static void check(Path file, List<Path> others) {
    Target.check(file, others);
  }

  /// Writes to standard output.
  ///
  /// @param out the stream; it is closed with the output
  /// @param writing how
  /// @return the output
  public static Results standard(OutputStream out, Writing writing) {
    return new Results(writing, Target.standardOutput(out));
  }

  /// Writes the record of one result.
  ///
  /// @param result the result
  /// @param attempts how often its input was tried
  /// @param time how long the last attempt took
  /// @throws BadOutput if it has other columns than the first one (then nothing is written, and
  ///   others may be), or if nothing can be written any more
  public void write(Rendered result, int attempts, Duration time) {
    String text = writing.plain(result);
    if (text != null) { // the same as below, without the copies
      target.add(text).end(writing.end());
    } else {
      target.add(records.bytes(result, attempts, time)).end();
    }
  }

  /// Hands on everything written so far. (Zstandard files get whole blocks only, until they are
  /// closed.)
  ///
  /// @throws BadOutput if it cannot be written
  public void flush() {
    target.flush();
  }

  /// Hands on everything and closes.
  ///
  /// @throws BadOutput if it cannot be written
  @Override
  public void close() {
    target.close();
  }
}
