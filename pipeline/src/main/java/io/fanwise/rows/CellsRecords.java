package io.fanwise.rows;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/// The records of a csv or tsv file. Cells that a record leaves out at its end are empty; blank
/// lines are no records. Confined to the thread that reads.
final class CellsRecords implements Records {

  private final Header header;
  private final Reader text;
  private final Iterator<CsvRecord> records;

  private CellsFile file;
  private List<String> cells = List.of();
  private long line;

  CellsRecords(String name, Format format, Reading reading, Reader text) {
    this.header = reading.header();
    this.text = text;
    this.file = new CellsFile(name, format, Columns.numbered(0));
    this.records =
        CsvReader.builder()
            .fieldSeparator(Csv.separator(format))
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(reading.longest())
            .ofCsvRecord(text)
            .iterator();
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
    return -1;
  }

  @Override
  public long line() {
    return line;
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
      line = record.getStartingLineNumber();
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

  private static String reason(CsvParseException e) {
    Throwable cause = e.getCause();
    return cause == null ? "" + e.getMessage() : e.getMessage() + ": " + cause.getMessage();
  }
}
