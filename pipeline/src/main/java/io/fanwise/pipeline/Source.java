package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Format;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a pipeline reads: inputs in an order of their own, each at a position from 0, which is the
/// same whenever they are read. A description, which opens nothing before the run.
///
/// ```java
/// Pipeline.read(Source.csv(Path.of("items.csv")))
/// ```
///
/// Files whose names end in `.gz` or `.zst` are unpacked. What makes the rest of a file unreadable
/// ends the run (and it goes on there when it is run again); what is wrong with one record only is
/// the failure of that input.
///
/// @param <T> what a task is given
public interface Source<T> {

  /// The lines of text files in UTF-8, one file after the other.
  ///
  /// @param files the files
  /// @return the source
  static Source<String> lines(Path... files) {
    return new FileSource<>(List.of(files), Reading.standard().format(Format.LINES), Row::text);
  }

  /// The records of csv files (RFC 4180), whose first record names the columns.
  ///
  /// @param files the files
  /// @return the source
  static Source<Row> csv(Path... files) {
    return new FileSource<>(List.of(files), Reading.standard().format(Format.CSV), Row::sound);
  }

  /// As [#csv(Path...)], with tabs between.
  ///
  /// @param files the files
  /// @return the source
  static Source<Row> tsv(Path... files) {
    return new FileSource<>(List.of(files), Reading.standard().format(Format.TSV), Row::sound);
  }

  /// JSON Lines: a value on each line.
  ///
  /// @param files the files
  /// @return the source
  static Source<JsonNode> jsonLines(Path... files) {
    return new FileSource<>(List.of(files), Reading.standard().format(Format.JSONL), Row::json);
  }

  /// The elements of files that are each one JSON array, however long: they are read one by one. An
  /// element that is no JSON or nested too deep (more than 500 levels) ends the run: where the next
  /// one begins cannot be known.
  ///
  /// @param files the files
  /// @return the source
  static Source<JsonNode> jsonArray(Path... files) {
    return ArraySource.of(List.of(files));
  }

  /// Rows of files, read as is said.
  ///
  /// @param reading how to read them; the format is each file's by its name, unless it says
  /// @param files the files
  /// @return the source
  static Source<Row> rows(Reading reading, Path... files) {
    return new FileSource<>(List.of(files), reading, Row::sound);
  }

  /// The files of a folder and of those in it, in the order of their names; links are followed. The
  /// run is refused if files come, go or change their size before it is finished; so write results
  /// elsewhere.
  ///
  /// @param folder where to look
  /// @param glob which files, by their path from the folder on, such as `*.jpg`, `**/*.{jpg,png}`
  ///   (`**/` being any folders, or none) or, for all, `**`
  /// @return the source
  static Source<Path> files(Path folder, String glob) {
    return new FolderSource(folder, Glob.of(glob));
  }

  /// Standard input, for sources that read files: `Source.csv(Source.standardInput())`. A process
  /// can read it once. A run that goes on needs the same bytes again: those of inputs before the
  /// place where it goes on are left out, unseen, and it can only be told that there are too few.
  ///
  /// @return what stands for it among files: `-`
  static Path standardInput() {
    return StandardInput.PATH;
  }

  /// The files a pattern names, in the order of their names, for other sources:
  /// `Source.csv(Source.glob("data/*.csv.gz"))`.
  ///
  /// @param pattern a path with `*`, `?`, `[a-z]`, `{a,b}` or, for any folders or none, `**/`
  /// @return the files, one at least
  /// @throws IllegalArgumentException if there is none
  /// @throws UncheckedIOException if a folder cannot be read
  static Path[] glob(String pattern) {
    try {
      return FolderSource.all(pattern);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /// The rows of a query of a database, which becomes a source when its key is named:
  /// `Source.query(url, "SELECT id, name FROM items").by("id")`. Its driver has to be there.
  ///
  /// @param url the JDBC URL of the database
  /// @param sql a select that could stand in the FROM of another one
  /// @return the query
  static Query query(String url, String sql) {
    return new Query(Database.read(url), sql);
  }

  /// The rows of a query of a database, which becomes a source when its key is named.
  ///
  /// @param name what tells the database from others when the run goes on: the run is refused under
  ///   another
  /// @param database connects to it, such as `dataSource::getConnection`
  /// @param sql a select that could stand in the FROM of another one
  /// @return the query
  static Query query(String name, Table.Connecting database, String sql) {
    return new Query(new Database(name, Optional.empty(), database), sql);
  }

  /// What an iterable or a collection holds.
  ///
  /// @param name what tells it from others when the run goes on: the run is refused under another
  /// @param inputs gives the same elements in the same order whenever it is iterated
  /// @return the source
  /// @param <T> the type of inputs
  static <T> Source<T> of(String name, Iterable<T> inputs) {
    return new IterableSource<>(name, inputs);
  }

  /// What a stream holds.
  ///
  /// @param name what tells it from others when the run goes on: the run is refused under another
  /// @param inputs opens the stream, with the same elements in the same order each time
  /// @return the source
  /// @param <T> the type of inputs
  static <T> Source<T> stream(String name, Opening<T> inputs) {
    return new StreamSource<>(name, inputs);
  }

  /// Opens a stream.
  ///
  /// @param <T> the type of its elements
  @FunctionalInterface
  interface Opening<T> {
    /// Opens it.
    ///
    /// @return the stream, which is closed at the end
    /// @throws IOException if it cannot be opened
    Stream<T> open() throws IOException;
  }

  /// What it reads, in words that differ when other inputs would come: names, sizes, times.
  ///
  /// @return a line for each thing that is read
  /// @throws IOException if that cannot be found out
  List<String> identity() throws IOException;

  /// Opens it.
  ///
  /// @param from where to begin: at the start, or at a bookmark of the same inputs
  /// @return the inputs from there on
  /// @throws IOException if it cannot be opened
  Cursor open(Bookmark from) throws IOException;

  /// Looks whether the inputs before a place are those that were there, as far as that can be told
  /// without reading them. It is asked before inputs are read again from the start.
  ///
  /// @param known a bookmark of an earlier sitting
  /// @throws IOException if that cannot be found out
  /// @throws RunRefused if they are others
  default void requireSame(Bookmark known) throws IOException {}

  /// Makes what the task is given of what a cursor read; this is done on the worker.
  ///
  /// @return what to make of it
  Task<Object, T> decoder();

  /// The files it reads, which nothing is to be written to.
  ///
  /// @return the files; none if it reads something else
  default List<Path> files() {
    return List.of();
  }

  /// How many inputs there are. This is asked now and then while they are read.
  ///
  /// @return the number, as far as it is known or can be estimated by now
  default OptionalLong size() {
    return OptionalLong.empty();
  }

  /// Inputs as they are read. Confined to the thread that reads.
  interface Cursor extends AutoCloseable {

    /// Reads on.
    ///
    /// @return whether there is another input
    /// @throws IOException if it cannot be read
    boolean advance() throws IOException;

    /// What was read last, undecoded.
    ///
    /// @return the input
    Object value();

    /// The place after it.
    ///
    /// @return from where reading could go on
    Bookmark bookmark();

    @Override
    void close() throws IOException;
  }
}
