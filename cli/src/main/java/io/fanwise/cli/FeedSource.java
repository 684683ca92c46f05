package io.fanwise.cli;

import io.fanwise.pipeline.Source;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

/// The inputs of a command as the source of a pipeline. Confined to the thread that runs the
/// command.
///
/// Standard input has no name to tell it by, and cannot be read from the middle: its first inputs
/// are read again, and left out.
final class FeedSource implements Source<Row> {
  private final List<String> files;
  private final InputOptions how;
  private Feed feed;
  private Total total;
  private List<String> columns = List.of();

  FeedSource(Feed feed, List<String> files, InputOptions how) {
    this.feed = feed;
    this.total = new Total(feed);
    this.files = List.copyOf(files);
    this.how = how;
  }

  /// Whether what is read has to come again by itself.
  boolean typed() {
    return files.isEmpty() || files.contains(Inputs.STANDARD_INPUT);
  }

  /// Where the inputs come from.
  Inputs inputs() {
    return feed.inputs();
  }

  /// The columns that the inputs' files name; none if they name none.
  List<String> columns() {
    return how.header && inputs().format().tabular() ? columns : List.of();
  }

  /// Counts the inputs, where that is worth it.
  void count() {
    total.find();
  }

  @Override
  public List<String> identity() throws IOException {
    List<String> lines = new ArrayList<>();
    String header = feed.inputs().format().tabular() && !how.header ? " without header" : "";
    lines.add("%s%s in %s".formatted(feed.inputs().format(), header, how.encoding));
    for (String name : files.isEmpty() ? List.of(Inputs.STANDARD_INPUT) : files) {
      Path file = Path.of(name);
      boolean told = !name.equals(Inputs.STANDARD_INPUT) && Files.isRegularFile(file);
      lines.add(
          told
              ? "%s (%,d bytes, of %s)"
                  .formatted(name, Files.size(file), Files.getLastModifiedTime(file))
              : name.equals(Inputs.STANDARD_INPUT) ? "standard input" : name);
    }
    return lines;
  }

  @Override
  public Cursor open(Bookmark from) {
    if (from.number() > 0) {
      if (typed()) {
        skip(from.number());
      } else {
        feed = feed.from(from, place -> how.open(files, place));
      }
      total = new Total(feed);
    }
    return new Rows();
  }

  private void skip(long inputs) {
    for (long left = inputs; left > 0; left--) {
      if (!feed.hasNext()) {
        throw new BadInput(
            "standard input has fewer inputs than when it was read last: %d, not %d"
                .formatted(inputs - left, inputs));
      }
      feed.next();
    }
  }

  private Row seen(Row row) {
    if (columns.isEmpty()) {
      columns = row.columns();
    }
    return row;
  }

  @Override
  public Task<Object, Row> decoder() {
    return row -> (Row) row;
  }

  @Override
  public OptionalLong size() {
    return total.count();
  }

  /// The inputs as they are read.
  private final class Rows implements Cursor {
    @Override
    public boolean advance() {
      if (feed.hasNext()) {
        return true;
      }
      feed.broken()
          .ifPresent(broken -> {
            throw broken;
          });
      if (feed.stopped()) {
        throw new CancellationException("asked to stop");
      }
      return false;
    }

    @Override
    public Object value() {
      return seen(feed.next());
    }

    @Override
    public Bookmark bookmark() {
      return feed.inputs().bookmark();
    }

    @Override
    public void close() {
      feed.inputs().close();
    }
  }
}
