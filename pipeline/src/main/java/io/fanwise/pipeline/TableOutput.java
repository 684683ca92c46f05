package io.fanwise.pipeline;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A table that is being written, a transaction for each commit. Which rows the database refuses is
/// known when they are [settled][#settle]. Confined to the thread that writes.
final class TableOutput implements Sink.Transaction, Sink.Selective {
  private final Table table;
  private final Session session;
  private final Rows rows;
  private final Checkpoint checkpoint;
  private @Nullable Loading loading;
  private long commits;
  private long bytes;

  private TableOutput(
      Table table, Session session, Rows rows, Checkpoint checkpoint, long commits) {
    this.table = table;
    this.session = session;
    this.rows = rows;
    this.checkpoint = checkpoint;
    this.commits = commits;
  }

  static TableOutput open(Session session, Table table, Sink.Sitting sitting) throws SQLException {
    Rows rows = new Rows(session.connection(), table.name(), table.key());
    Checkpoint checkpoint = new Checkpoint(session.connection(), rows, sitting.run());
    long there = checkpoint.commits();
    long known = sitting.mark().map(Long::parseLong).orElse(0L);
    if (there < known || there > known + 1) {
      throw new RunRefused(
          "%s knows of %d commits of the run, but there were %d: it was changed since, put it back, or start over"
              .formatted(table, there, known));
    }
    if (there == 0 && table.key().isEmpty()) {
      rows.clear();
    }
    session.connection().commit();
    return new TableOutput(table, session, rows, checkpoint, there);
  }

  /// The transaction it writes in, which it may have in common with others.
  Session session() {
    return session;
  }

  /// Whether the database takes every row that was admitted.
  boolean permissive() throws IOException {
    try {
      return rows.permissive();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public void admit(long position, Object encoded) {
    rows.admit((Fields) encoded);
  }

  /// Makes the table for results like one, if it is not there. Some databases commit then, so
  /// nothing may have been written since the last commit.
  void prepare(Object encoded) throws IOException {
    if (!rows.exists()) {
      try {
        rows.create((Fields) encoded);
        session.connection().commit();
      } catch (SQLException e) {
        throw failed(e);
      }
    }
  }

  /// Takes a row. The table is there by now.
  ///
  /// @throws RowRefused if the database refuses this row, or one of those before
  @Override
  public void write(long position, Object encoded) throws IOException {
    Fields fields = (Fields) encoded;
    try {
      if (loading == null) {
        loading = rows.loading();
      }
      loading.add(fields);
      bytes += fields.weight();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// Puts every row that was written into the database.
  ///
  /// @throws RowRefused if the database refuses one of them
  void settle() throws IOException {
    try {
      if (loading != null) {
        loading.flush();
        session.dialect().check(session.connection());
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// Forgets rows that are not in the database yet, before a part of the transaction is taken back.
  void forget() {
    if (loading != null) {
      try {
        loading.close();
      } catch (SQLException e) {
        // it says once more what it refused
      }
      loading = null;
    }
  }

  private IOException failed(SQLException e) {
    return session.dialect().refuses(e)
        ? new RowRefused("table %s refuses it".formatted(table.name()), Dialect.reason(e))
        : new IOException(table.said(e), e);
  }

  @Override
  public String commit() throws IOException {
    settle();
    return Long.toString(commits + 1);
  }

  @Override
  public Duration patience() {
    return session.dialect().patience();
  }

  @Override
  public void seal(byte[] frame) throws IOException {
    try {
      checkpoint.put(commits + 1, frame);
      session.seal();
      commits++;
    } catch (SQLException e) {
      throw new IOException(table.said(e), e);
    }
  }

  @Override
  public Optional<byte[]> sealed() throws IOException {
    try {
      Optional<byte[]> frame = checkpoint.frame();
      session.connection().commit();
      return frame;
    } catch (SQLException e) {
      throw new IOException(table.said(e), e);
    }
  }

  @Override
  public void takeBack() throws IOException {
    byte[] frame = sealed().orElse(null);
    if (frame == null) {
      return;
    }
    try {
      if (table.key().isEmpty() && rows.exists()) {
        rows.remove(Frame.of(frame).done());
      }
      checkpoint.put(commits - 1, null);
      session.connection().commit();
      commits--;
    } catch (SQLException e) {
      throw new IOException(table.said(e), e);
    }
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    forget();
    try {
      session.close();
    } catch (SQLException e) {
      throw new IOException(table.said(e), e);
    }
  }
}
