package io.fanwise.pipeline;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A table that is being written, a transaction for each commit. Confined to the thread that
/// writes.
final class TableOutput implements Sink.Transaction, Sink.Selective {
  private final Table table;
  private final Connection connection;
  private final Rows rows;
  private final Checkpoint checkpoint;
  private @Nullable Loading loading;
  private long commits;
  private long bytes;

  private TableOutput(
      Table table, Connection connection, Rows rows, Checkpoint checkpoint, long commits) {
    this.table = table;
    this.connection = connection;
    this.rows = rows;
    this.checkpoint = checkpoint;
    this.commits = commits;
  }

  static TableOutput open(Connection connection, Table table, Sink.Sitting sitting)
      throws SQLException {
    Dialect.of(connection).prepare(connection, sitting.durability());
    connection.setAutoCommit(false);
    Rows rows = new Rows(connection, table.name(), table.key());
    Checkpoint checkpoint = new Checkpoint(connection, rows, sitting.run());
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
    connection.commit();
    return new TableOutput(table, connection, rows, checkpoint, there);
  }

  @Override
  public void admit(long position, Object encoded) {
    rows.admit((Fields) encoded);
  }

  @Override
  public void write(long position, Object encoded) throws IOException {
    Fields fields = (Fields) encoded;
    try {
      if (!rows.exists()) {
        rows.create(fields);
      }
      if (loading == null) {
        loading = rows.loading();
      }
      loading.add(fields);
      bytes += fields.weight();
    } catch (SQLException e) {
      throw new IOException(table.said(e), e);
    }
  }

  @Override
  public String commit() throws IOException {
    try {
      if (loading != null) {
        loading.flush();
      }
      return Long.toString(commits + 1);
    } catch (SQLException e) {
      throw new IOException(table.said(e), e);
    }
  }

  @Override
  public Duration patience() {
    return rows.dialect().patience();
  }

  @Override
  public void seal(byte[] frame) throws IOException {
    try {
      checkpoint.put(commits + 1, frame);
      connection.commit();
      commits++;
    } catch (SQLException e) {
      throw new IOException(table.said(e), e);
    }
  }

  @Override
  public Optional<byte[]> sealed() throws IOException {
    try {
      Optional<byte[]> frame = checkpoint.frame();
      connection.commit();
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
      connection.commit();
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
    try (connection) {
      connection.rollback();
      if (loading != null) {
        loading.close();
      }
    } catch (SQLException e) {
      throw new IOException(table.said(e), e);
    }
  }
}
