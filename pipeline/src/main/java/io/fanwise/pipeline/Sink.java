package io.fanwise.pipeline;

import io.fanwise.rows.Format;
import io.fanwise.work.Execution;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/// Where a pipeline writes results, so that what was written since the last commit can be taken
/// back. A description, which opens nothing before the run.
///
/// ```java
/// Pipeline.read(source).map(task).write(Sink.jsonLines(Path.of("answers.jsonl")))
/// ```
///
/// A file whose name ends in `.gz` or `.zst` is packed, a block for each commit.
///
/// @param <R> the type of results
public interface Sink<R> {

  /// JSON Lines: for each result an object of `index`, the position of its input, `key`, if inputs
  /// have [keys][Feed#key], and `result`.
  ///
  /// @param file the file
  /// @return the sink
  static InFile<Object> jsonLines(Path file) {
    return new FileSink<>(Target.of(file), "jsonl", new JsonLine(JsonLine.Form.BESIDE_OTHERS));
  }

  /// A csv file (RFC 4180): for each result the position of its input, as `index`, its key, as
  /// `key`, if inputs have [keys][Feed#key], and what it is made of: the components of a record,
  /// the entries of a map, the properties of a JSON object, the columns of a row; anything else is
  /// one column, `result`. What is no text, number or the like itself is written as JSON.
  ///
  /// Without names, the columns are those of the first result that is written, and a later one that
  /// has another fails alone. With names, they are these, and what else a result has is left out,
  /// `key` among it. What a map or an object lacks is empty.
  ///
  /// @param file the file
  /// @param columns the names of the columns after `index`; none if the first result is to say
  /// @return the sink
  static InFile<Object> csv(Path file, String... columns) {
    return new CsvSink(Target.of(file), Format.CSV, List.of(columns));
  }

  /// As [#csv], with tabs between.
  ///
  /// @param file the file
  /// @param columns the names of the columns after `index`; none if the first result is to say
  /// @return the sink
  static InFile<Object> tsv(Path file, String... columns) {
    return new CsvSink(Target.of(file), Format.TSV, List.of(columns));
  }

  /// Text, a line for each result: strings as they are, anything else as JSON.
  ///
  /// @param file the file
  /// @return the sink
  static InFile<Object> lines(Path file) {
    return new FileSink<>(Target.of(file), "lines", new TextLine());
  }

  /// A folder with a file for each result: bytes and text as they are, anything else as JSON.
  ///
  /// A name is a path below the folder, good on every system; a result whose name is not, or that
  /// has the name of an earlier one, has failed. A file appears whole or not at all.
  ///
  /// @param folder the folder, which is made
  /// @param template names files: `{id}.json` by a field of the result, `{index}.txt` by the
  ///   position of its input
  /// @return the sink
  static Sink<Object> folder(Path folder, String template) {
    return new FolderSink<>(folder, template, new NameTemplate(template));
  }

  /// A folder with a file for each result, as [#folder(Path, String)].
  ///
  /// @param folder the folder, which is made
  /// @param naming names files
  /// @return the sink
  /// @param <R> the type of results
  static <R> Sink<R> folder(Path folder, Naming<? super R> naming) {
    return new FolderSink<>(folder, "by " + CodeIdentity.of(naming), naming);
  }

  /// A table of an SQLite database, which is made if it is not there. It needs the driver
  /// `org.xerial:sqlite-jdbc`.
  ///
  /// @param file the database
  /// @param table the name of the table
  /// @return the sink
  static Table sqlite(Path file, String table) {
    return new Table(Database.file("sqlite", file), table);
  }

  /// A table of a DuckDB database, which is made if it is not there. It needs the driver
  /// `org.duckdb:duckdb_jdbc`.
  ///
  /// @param file the database
  /// @param table the name of the table
  /// @return the sink
  static Table duckdb(Path file, String table) {
    return new Table(Database.file("duckdb", file), table);
  }

  /// A table of a database.
  ///
  /// @param url the JDBC URL of the database
  /// @param table the name of the table, with a dot after that of a schema
  /// @return the sink
  static Table jdbc(String url, String table) {
    return new Table(Database.at(url), table);
  }

  /// A table of a database.
  ///
  /// @param name what tells the database from others when the run goes on: the run is refused under
  ///   another
  /// @param database connects to it, such as `dataSource::getConnection`
  /// @param table the name of the table, with a dot after that of a schema
  /// @return the sink
  static Table jdbc(String name, Table.Connecting database, String table) {
    return new Table(new Database(name, Optional.empty(), database), table);
  }

  /// Records of one's own making.
  ///
  /// @param file the file
  /// @param format what they look like, in words: the run is refused under others
  /// @param encoder makes an array of bytes of each result, the end of the record included
  /// @return the sink
  /// @param <R> the type of results
  static <R> Sink<R> records(Path file, String format, Encoder<R> encoder) {
    return new FileSink<>(Target.of(file), format, encoder);
  }

  /// What it writes where, in words that differ when results would go elsewhere or look otherwise.
  ///
  /// @return one line
  String identity();

  /// The file or folder it writes.
  ///
  /// @return the path; empty if it is no file
  Optional<Path> place();

  /// What is there already, where it would write. A run that begins is refused then, as it would be
  /// lost.
  ///
  /// @return what is there, in words; empty if nothing
  /// @throws IOException if that cannot be found out
  default Optional<String> occupied() throws IOException {
    Path file = place().orElse(null);
    return file == null ? Optional.empty() : Target.of(file).occupied();
  }

  /// Whether what it opens is a [Transaction].
  ///
  /// @return whether commits are the output's own
  default boolean transactional() {
    return false;
  }

  /// Makes what is written of a result; this is done on the worker.
  ///
  /// @return what to make of it
  Encoder<R> encoder();

  /// Opens it and takes back what was written after the last commit.
  ///
  /// @param sitting how far the run has come
  /// @return what to write to
  /// @throws IOException if it cannot be opened
  /// @throws RunRefused if it is not as it was left
  Output open(Sitting sitting) throws IOException;

  /// What an output has to know of a run that begins or goes on. Immutable.
  ///
  /// @param run tells the run from all others
  /// @param mark what the output's last commit returned; empty if there was none
  /// @param durability what a commit is to survive
  record Sitting(String run, Optional<String> mark, Durability durability) {}

  /// Makes what is written of a result.
  ///
  /// @param <R> the type of results
  @FunctionalInterface
  interface Encoder<R> extends Serializable {

    /// Encodes a result.
    ///
    /// @param position the position of its input
    /// @param result the result
    /// @return what [Output#write] is given; it travels from the worker
    /// @throws Exception if the result cannot be written: its input has failed then
    Object encode(long position, R result) throws Exception;

    /// Encodes a result whose input has a key. It is left out unless there is a place for it.
    ///
    /// @param position the position of its input
    /// @param key what its input is called ([Feed#key]), as JSON
    /// @param result the result
    /// @return what [Output#write] is given; it travels from the worker
    /// @throws Exception if the result cannot be written: its input has failed then
    default Object encode(long position, byte[] key, R result) throws Exception {
      return encode(position, result);
    }
  }

  /// An output that is open. Confined to the thread that writes.
  interface Output extends AutoCloseable {

    /// Writes a result.
    ///
    /// @param position the position of its input
    /// @param encoded what the encoder made of it
    /// @throws IOException if it cannot be written
    void write(long position, Object encoded) throws IOException;

    /// Completes what the encoder made by what only the run knows, before it is written. This is
    /// called on the caller's thread, in the order in which results are written.
    ///
    /// @param encoded what the encoder made
    /// @param execution how the work on the input went
    /// @return what [#write] is given
    /// @throws Exception if the result cannot be written: its input has failed then
    default Object complete(Object encoded, Execution execution) throws Exception {
      return encoded;
    }

    /// What is written of an input that has failed for good; nothing, usually. This is called on
    /// the caller's thread.
    ///
    /// @param error what its last attempt threw
    /// @param execution how the work on it went
    /// @return what [#write] is given, if it has not been before
    default Optional<Object> remains(Throwable error, Execution execution) {
      return Optional.empty();
    }

    /// Makes everything written so far safe.
    ///
    /// @return how to find this place again, in less than 64 kB
    /// @throws IOException if that is not possible
    String commit() throws IOException;

    /// How long results may wait for a commit, at most; the longer, the more is to be done again
    /// after a kill.
    ///
    /// @return zero if commits cost little: then they come five times a second or more
    default Duration patience() {
      return Duration.ZERO;
    }

    /// Makes of the output what users want to have, after the last commit. It may be called again,
    /// if the process ended meanwhile.
    ///
    /// @throws IOException if that is not possible
    default void finish() throws IOException {}

    /// How much was written.
    ///
    /// @return bytes, as they are stored
    long bytes();

    @Override
    void close() throws IOException;
  }

  /// An output that may find that a result does not fit. Confined to the thread that writes.
  interface Selective extends Output {

    /// Looks at a result before it is written to any output; changes nothing.
    ///
    /// @param position the position of its input
    /// @param encoded what the encoder made of it
    /// @throws IllegalArgumentException if it does not fit: its input has failed then, and it is
    ///   written nowhere
    void admit(long position, Object encoded);
  }

  /// An output in which inputs that have failed leave something ([Output#remains]), which is to be
  /// taken out when they do well later. Confined to the thread that writes.
  interface Revisable extends Output {

    /// Takes out what inputs have left that have failed once, and have not any more. This is called
    /// between the last two commits of a run; what follows from it may be visible from
    /// [Output#finish] on.
    ///
    /// @param failed whether the input at a position has failed, and has no result
    /// @throws IOException if that is not possible
    void revise(LongPredicate failed) throws IOException;
  }

  /// An output with transactions of its own, such as a table. The frame that the journal is about
  /// to be given goes into the transaction, so that both are always of one mind: when the process
  /// dies between the two, the journal learns from the output. Confined to the thread that writes.
  interface Transaction extends Output {

    /// Ends the transaction.
    ///
    /// @param frame what is to be kept in it
    /// @throws IOException if it cannot be ended
    void seal(byte[] frame) throws IOException;

    /// What the last transaction kept.
    ///
    /// @return the frame; empty if there was none for this run
    /// @throws IOException if that cannot be found out
    Optional<byte[]> sealed() throws IOException;

    /// Takes back what the last transaction did, as another output did not come so far. What it
    /// wrote over may stay: it will be written again, from the same inputs.
    ///
    /// @throws IOException if that is not possible
    void takeBack() throws IOException;
  }
}
