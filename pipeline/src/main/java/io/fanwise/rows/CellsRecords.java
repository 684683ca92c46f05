package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The records of a csv or tsv file. Cells that a record leaves out at its end are empty; blank
/// lines are no records. In UTF-8 it knows the bytes before each record. Confined to the thread
/// that reads.
final class CellsRecords implements Records {

  private static final Pattern LINE = Pattern.compile("\\bline (\\d+)\\b");

  private final Header header;
  private final Reader text;
  private final Optional<CellsOffsets> offsets;
  private final long linesBefore;
  private final Iterator<CsvRecord> records;

  private CellsFile file;
  private List<String> cells = List.of();
  private long line;

  /// The records after the columns are known.
  ///
  /// @param offset how many bytes were left out before the first that `in` has
  /// @param line how many lines those were
  CellsRecords(CellsFile file, Reading reading, InputStream in, long offset, long line) {
    this.header = reading.header();
    boolean utf8 = reading.encoding().equals(UTF_8);
    this.offsets =
        utf8 ? Optional.of(new CellsOffsets(in, file.format(), offset, line)) : Optional.empty();
    InputStream bytes = utf8 ? offsets.get() : in;
    this.text = new StrictReader(file.name(), bytes, reading.encoding(), offset, line);
    this.linesBefore = line;
    this.line = line;
    this.file = file;
    this.records =
        CsvReader.builder()
            .fieldSeparator(Csv.separator(file.format()))
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(reading.longest())
            .ofCsvRecord(text)
            .iterator();
  }

  /// All records of a file.
  static CellsRecords of(String name, Format format, Reading reading, InputStream in) {
    return new CellsRecords(new CellsFile(name, format, Columns.numbered(0)), reading, in, 0, 0);
  }

  /// What the records have in common, which the first of them says.
  CellsFile file() throws IOException {
    advance();
    return file;
  }

  @Override
  public boolean advance() throws IOException {
    if (!next()) {
      return false;
    }
    if (file.columns().count() > 0) {
      return true;
    }
    boolean named = header == Header.PRESENT;
    Columns columns = named ? Columns.named(cells) : Columns.numbered(cells.size());
    file = new CellsFile(file.name(), file.format(), columns);
    return !named || next();
  }

  @Override
  public Row row(long number) {
    return new CellsRow(file, number, line, complete());
  }

  @Override
  public long offset() {
    return offsets.map(CellsOffsets::offset).orElse(-1L);
  }

  @Override
  public long line() {
    return offsets.map(CellsOffsets::line).orElse(line);
  }

  @Override
  public void close() throws IOException {
    text.close();
  }

  private boolean next() throws IOException {
    try {
      if (!records.hasNext()) {
        return false;
      }
      CsvRecord record = records.next();
      cells = record.getFields();
      line = linesBefore + record.getStartingLineNumber();
      offsets.ifPresent(each -> each.forgetUpTo(line));
      return true;
    } catch (CsvParseException e) {
      throw new BadInput(file.name() + ": " + reason(e), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private List<String> complete() {
    int missing = file.columns().count() - cells.size();
    return missing <= 0
        ? cells
        : Stream.concat(cells.stream(), Collections.nCopies(missing, "").stream()).toList();
  }

  /// With lines of the file, not of the part of it that is read.
  private String reason(CsvParseException e) {
    String reason = e.getMessage() + (e.getCause() == null ? "" : ": " + told(e.getCause()));
    return LINE.matcher(reason)
        .replaceAll(found -> "line " + (linesBefore + Long.parseLong(found.group(1))));
  }

  private static String told(Throwable cause) {
    return cause instanceof OutOfMemoryError
        ? "a field longer than memory has room for; is a quote never closed?"
        : "" + cause.getMessage();
  }
}
