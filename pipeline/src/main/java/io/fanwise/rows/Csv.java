package io.fanwise.rows;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.StringWriter;
import java.util.List;

/// How records of csv and tsv files are written.
public final class Csv {

  private Csv() {}

  /// One record, quoted where it must be, without a line end. A record of one empty cell is quoted,
  /// or it would be read as no record.
  ///
  /// @param format [Format#CSV] or [Format#TSV]
  /// @param cells the text of each column
  /// @return the record
  public static String record(Format format, List<String> cells) {
    if (cells.size() == 1 && cells.getFirst().isEmpty()) {
      return "\"\"";
    }
    StringWriter text = new StringWriter();
    CsvWriter.builder()
        .fieldSeparator(separator(format))
        .lineDelimiter(LineDelimiter.LF)
        .bufferSize(0)
        .build(text)
        .writeRecord(cells);
    return text.getBuffer().substring(0, text.getBuffer().length() - 1);
  }

  static char separator(Format format) {
    return format == Format.TSV ? '\t' : ',';
  }
}
