package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.Queue;

/// The rows of some files, one file after another, in the memory of one record.
///
/// A file is opened when its turn comes, and unpacked if it is gzip or Zstandard. What makes the
/// rest of a file unreadable (bytes that are no text, a broken archive, a failing disk) is a
/// [BadInput] from [#hasNext()]; what is wrong with one record only (JSON that is none, too many
/// fields) is a [BadInput] from the row, when it is used.
///
/// Confined to the thread that reads.
public final class Inputs implements Iterator<Row>, AutoCloseable {

  /// What stands for standard input where a file is named.
  public static final String STANDARD_INPUT = "-";

  private final List<Path> files;
  private final OptionalLong size;
  private final Format format;
  private final Layout layout;
  private final Reading reading;
  private final Queue<Source> waiting;

  private Bookmark from;
  private Records current = new NoRecords();
  private String name = "";
  private State state = State.READ;
  private int file = -1;
  private long fileFrom;
  private long number;
  private long bytesRead;

  // READ ──▶ AHEAD ──▶ READ …     (hasNext() reads ahead, next() takes)
  // any  ──▶ ENDED                (nothing more, an error, close())
  private enum State {
    READ,
    AHEAD,
    ENDED
  }

  private enum Layout {
    RECORDS,
    ONE_ARRAY
  }

  private Inputs(
      List<Source> sources, Format format, Layout layout, Reading reading, Bookmark from) {
    this.layout = layout;
    this.waiting = new ArrayDeque<>(sources);
    this.from = from;
    this.files = sources.stream().flatMap(source -> source.file().stream()).toList();
    this.size = size(sources);
    this.format = format;
    this.reading = reading;
  }

  /// Checks every file, opens none.
  ///
  /// @param names paths; `-` is standard input, and so is no path at all
  /// @param standardInput what `-` reads; it is not closed
  /// @param reading how
  /// @return the inputs
  /// @throws BadInput if a file is missing, is a directory or cannot be read, or if files of
  ///   several formats are mixed
  public static Inputs of(List<String> names, InputStream standardInput, Reading reading) {
    return of(names, standardInput, reading, Bookmark.START);
  }

  /// Checks every file, opens none, and begins where earlier inputs left off.
  ///
  /// Files in UTF-8 are not parsed again up to there (packed ones are unpacked), and plain ones not
  /// read again.
  ///
  /// @param names paths; `-` is standard input, and so is no path at all
  /// @param standardInput what `-` reads, from its beginning; it is not closed
  /// @param reading how
  /// @param from where to begin: a [#bookmark()] of the same files
  /// @return the inputs
  /// @throws BadInput if a file is missing, is a directory or cannot be read, or if files of
  ///   several formats are mixed
  public static Inputs of(
      List<String> names, InputStream standardInput, Reading reading, Bookmark from) {
    List<Source> sources = sources(names, standardInput);
    Format format = reading.format().orElseGet(() -> Source.format(sources));
    return new Inputs(sources, format, Layout.RECORDS, reading, from);
  }

  /// The elements of files that are each one JSON array, in UTF-8, as if each stood on a line of
  /// its own. What is no JSON, too deep or too long is an error of its file, because where an
  /// element ends is known only if it is read.
  ///
  /// @param names paths; `-` is standard input, and so is no path at all
  /// @param standardInput what `-` reads, from its beginning; it is not closed
  /// @param longest how many bytes an element may have
  /// @param from where to begin: [Bookmark#START] or a [#bookmark()] of the same files
  /// @return the inputs
  /// @throws BadInput if a file is missing, is a directory or cannot be read
  public static Inputs elements(
      List<String> names, InputStream standardInput, int longest, Bookmark from) {
    Reading reading = Reading.standard().format(Format.JSONL).longest(longest);
    List<Source> sources = sources(names, standardInput);
    return new Inputs(sources, Format.JSONL, Layout.ONE_ARRAY, reading, from);
  }

  private static List<Source> sources(List<String> names, InputStream standardInput) {
    if (Collections.frequency(names, STANDARD_INPUT) > 1) {
      throw new BadInput("Standard input (-) is given twice, but can be read only once.");
    }
    return names.isEmpty()
        ? List.of(Source.standard(standardInput))
        : names.stream().map(name -> source(name, standardInput)).toList();
  }

  /// {@return the format of all rows}
  public Format format() {
    return format;
  }

  /// {@return the files, without standard input: nothing should write to them}
  public List<Path> files() {
    return files;
  }

  /// The place after the row that was read last, and before [#hasNext()] looks for the next.
  ///
  /// @return where other inputs of the same files can go on
  public Bookmark bookmark() {
    if (state == State.AHEAD) {
      throw new IllegalStateException("the next row has been read already");
    }
    return file < 0 ? from : new Bookmark(number, file, fileFrom, current.offset(), current.line());
  }

  /// {@return how many bytes the files have, as they are stored; unknown if one of them is a pipe}
  public OptionalLong size() {
    return size;
  }

  /// {@return how many of [#size()] were read, or were left out because inputs begin after them}
  public long bytesRead() {
    return bytesRead;
  }

  @Override
  public boolean hasNext() {
    if (state == State.READ) {
      state = State.ENDED; // and it stays so if reading fails
      state = advance() ? State.AHEAD : State.ENDED;
    }
    return state == State.AHEAD;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more inputs after " + number);
    }
    state = State.READ;
    return current.row(++number);
  }

  @Override
  public void close() {
    state = State.ENDED;
    waiting.clear();
    try {
      current.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private boolean advance() {
    try {
      while (!current.advance()) {
        if (waiting.isEmpty()) {
          return false;
        }
        current.close();
        current = new NoRecords();
        open(waiting.remove());
      }
      return true;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void open(Source source) throws IOException {
    file++;
    name = source.name();
    if (file < from.file()) {
      bytesRead += source.file().map(skipped -> skipped.toFile().length()).orElse(0L);
      return;
    }
    boolean begun = file == from.file();
    fileFrom = begun ? from.fileFrom() : number;
    number = fileFrom;
    InputStream stored = new Counted(source.open());
    try {
      InputStream in = Compression.unpacked(stored);
      if (begun && from.offset() > 0 && seekable(source)) {
        current = goOn(source, in);
      } else {
        current = records(in, 0, 0);
        skip(begun ? from.number() - fileFrom : 0);
      }
    } catch (IOException | RuntimeException e) {
      stored.close();
      throw e;
    }
  }

  /// Whether a record can be found by the bytes before it. Of csv and tsv, the header must be read
  /// besides.
  private boolean seekable(Source source) {
    boolean twice = source.file().filter(Files::isRegularFile).isPresent();
    return reading.encoding().equals(UTF_8) && (twice || !format.tabular());
  }

  private Records goOn(Source source, InputStream in) throws IOException {
    number = from.number();
    if (format.tabular()) {
      CellsFile cells = head(source);
      in.skipNBytes(from.offset());
      return new CellsRecords(cells, reading, in, from.offset(), from.line());
    }
    in.skipNBytes(from.offset());
    return records(in, from.offset(), from.line());
  }

  /// What the first record of a csv or tsv file says of the others.
  private CellsFile head(Source source) throws IOException {
    try (InputStream in = source.open();
        CellsRecords records = CellsRecords.of(name, format, reading, Compression.unpacked(in))) {
      return records.file();
    }
  }

  private void skip(long rows) throws IOException {
    for (; number < fileFrom + rows; number++) {
      if (!current.advance()) {
        throw new BadInput(
            "%s has fewer rows than when it was read last: %d, not %d"
                .formatted(name, number - fileFrom, rows));
      }
    }
  }

  private Records records(InputStream in, long offset, long line) {
    if (layout == Layout.ONE_ARRAY) {
      return new ArrayRecords(name, reading.longest(), in, offset, line);
    }
    if (format.tabular()) {
      return CellsRecords.of(name, format, reading, in);
    }
    boolean utf8 = reading.encoding().equals(UTF_8);
    InputStream bytes = utf8 ? in : new Recoded(new StrictReader(name, in, reading.encoding()));
    return new LineRecords(name, format, reading.longest(), bytes, offset, line);
  }

  private BadInput unreadable(IOException e) {
    return new BadInput("Cannot read %s: %s".formatted(name, reason(e)), e);
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static Source source(String name, InputStream standardInput) {
    return name.equals(STANDARD_INPUT) ? Source.standard(standardInput) : Source.stored(name);
  }

  private static OptionalLong size(List<Source> sources) {
    long size = 0;
    for (Source source : sources) {
      if (!source.file().map(Files::isRegularFile).orElse(false)) {
        return OptionalLong.empty();
      }
      size += source.file().orElseThrow().toFile().length();
    }
    return OptionalLong.of(size);
  }

  /// Counts what is read.
  private final class Counted extends FilterInputStream {

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public long skip(long wanted) throws IOException {
      long count = in.skip(wanted);
      bytesRead += count;
      return count;
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      bytesRead += next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int count = in.read(target, from, length);
      bytesRead += Math.max(count, 0);
      return count;
    }
  }

  /// What is read before the first file.
  private static final class NoRecords implements Records {

    @Override
    public boolean advance() {
      return false;
    }

    @Override
    public Row row(long number) {
      throw new NoSuchElementException("no record");
    }

    @Override
    public long offset() {
      return 0;
    }

    @Override
    public long line() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
