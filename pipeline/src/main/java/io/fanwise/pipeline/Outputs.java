package io.fanwise.pipeline;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The outputs of a run, each as it was after the last commit. Confined to one thread at a time.
final class Outputs implements Closeable {
  private final SortedMap<Integer, Sink.Output> opened = new TreeMap<>();

  /// Opens all sinks where the journal says they stand.
  static Outputs open(
      List<? extends Sink<?>> sinks,
      String run,
      Standing standing,
      Journal journal,
      Durability durability)
      throws IOException {
    Outputs outputs = new Outputs();
    try {
      outputs.open(sinks, true, run, standing, durability);
      outputs.teach(journal, standing, durability);
      outputs.open(sinks, false, run, standing, durability);
      return outputs;
    } catch (Throwable e) {
      outputs.close();
      throw e;
    }
  }

  private void open(
      List<? extends Sink<?>> sinks,
      boolean transactional,
      String run,
      Standing standing,
      Durability durability)
      throws IOException {
    for (int i = 0; i < sinks.size(); i++) {
      if (sinks.get(i).transactional() == transactional) {
        Sink.Sitting sitting = new Sink.Sitting(run, standing.mark(i), durability);
        opened.put(
            i,
            sinks.get(i) instanceof Table table
                ? table.open(session(table.database(), durability), sitting)
                : sinks.get(i).open(sitting));
      }
    }
  }

  /// The session that all tables of a database have in common.
  private Session session(Database database, Durability durability) throws IOException {
    for (Sink.Output output : opened.values()) {
      if (output instanceof TableOutput table && table.session().isOf(database)) {
        return table.session();
      }
    }
    return Session.open(database, durability);
  }

  /// Tells the journal of a commit that every output with transactions knows of, and it does not.
  /// What not all of them know is taken back by those who do.
  private void teach(Journal journal, Standing standing, Durability durability) throws IOException {
    List<Sink.Transaction> ahead = new ArrayList<>();
    Frame next = null;
    for (Sink.Output output : opened.values()) {
      Sink.Transaction transaction = (Sink.Transaction) output;
      Optional<byte[]> sealed = transaction.sealed();
      if (sealed.isPresent()) {
        Frame frame = Frame.of(sealed.get());
        if (frame.number() == standing.frames() + 1) {
          ahead.add(transaction);
          next = frame;
        }
      }
    }
    if (next != null && ahead.size() == opened.size()) {
      journal.append(next, durability);
      standing.add(next);
      return;
    }
    for (Sink.Transaction transaction : ahead) {
      transaction.takeBack();
    }
  }

  /// In the order of the sinks.
  List<Sink.Output> all() {
    return List.copyOf(opened.values());
  }

  /// Makes of them what users want to have.
  void finish() throws IOException {
    for (Sink.Output output : opened.values()) {
      output.finish();
    }
  }

  @Override
  public void close() throws IOException {
    IOException failed = null;
    for (Sink.Output output : opened.values()) {
      try {
        output.close();
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
