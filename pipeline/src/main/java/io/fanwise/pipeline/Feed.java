package io.fanwise.pipeline;

import static java.util.Objects.requireNonNull;

import io.fanwise.work.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is read, and nothing done with it yet. Immutable.
///
/// @param <T> the type of inputs
public final class Feed<T> {
  private final Source<T> source;
  private final Selection selection;
  private final Task<? super T, Boolean> where;
  private final Keys<T> keys;
  private final Sameness<T> sameness;

  Feed(
      Source<T> source,
      Selection selection,
      Task<? super T, Boolean> where,
      Keys<T> keys,
      Sameness<T> sameness) {
    this.source = source;
    this.selection = selection;
    this.where = where;
    this.keys = keys;
    this.sameness = sameness;
  }

  /// Runs only those inputs; they keep their positions.
  ///
  /// @param from the position of the first, from 0
  /// @param to the position after the last
  /// @return a copy
  public Feed<T> range(long from, long to) {
    return new Feed<>(source, selection.range(from, to), where, keys, sameness);
  }

  /// Runs only one of several parts of equal size, for as many machines: of four, the second has
  /// the positions 1, 5, 9 and so on. Each needs a state and outputs of its own.
  ///
  /// @param shard which, from 1
  /// @param of how many there are
  /// @return a copy
  public Feed<T> shard(int shard, int of) {
    return new Feed<>(source, selection.shard(shard, of), where, keys, sameness);
  }

  /// Runs only inputs for which a condition holds. The others keep their positions, but nothing is
  /// written for them and they are neither done nor failed; an input for which the condition throws
  /// has failed. Said twice, both must hold.
  ///
  /// It is asked on the worker, where the fan's rate and retries hold for it as for the task; and
  /// another condition makes another run.
  ///
  /// @param condition what must be true of an input
  /// @return a copy
  public Feed<T> where(Task<? super T, Boolean> condition) {
    requireNonNull(condition, "condition");
    Task<? super T, Boolean> before = where;
    return new Feed<>(
        source,
        selection,
        before instanceof Everything ? condition : new Both<>(before, condition),
        keys,
        sameness);
  }

  /// Calls inputs by names of your own, such as the id of a record: they stand as `key` beside the
  /// position in JSON Lines, csv, tsv, tables and Parquet, and in what is kept of failures.
  ///
  /// That is all they do, but for a table that is told to be updated by them (`Sink.sqlite(file,
  /// "answers").key("key")`). It is positions by which a run goes on and knows what is done: equal
  /// keys are not found out, and inputs that have moved are not found again by them.
  ///
  /// @param function gives the name of an input, which is not null; an input for which it throws
  ///   has failed
  /// @return a copy
  public Feed<T> key(Task<? super T, ?> function) {
    return new Feed<>(
        source, selection, where, new Keys.By<T>(requireNonNull(function, "function")), sameness);
  }

  /// Calls the task once for inputs that are equal: the others have the result of the first of
  /// them, each in its own place in the outputs, or have failed if that one has. Inputs are equal
  /// if they contain the same, whatever file they come from.
  ///
  /// Results are kept in the state's folder beside the outputs, so it takes as much room on the
  /// disk again, and what was computed before a kill is not computed after it. Under a retry of
  /// what has failed, the first of equal inputs is run again, once. Shards know nothing of each
  /// other.
  ///
  /// To know who is the first, inputs are decoded as they are read, on the caller's thread, and it
  /// is there that conditions are asked. So neither is tried again, nor under the fan's rate.
  ///
  /// @return a copy
  public Feed<T> distinct() {
    return new Feed<>(source, selection, where, keys, new Sameness.Contents<>());
  }

  /// As [#distinct()], for inputs that are equal in what counts.
  ///
  /// @param function gives what counts, such as an id; a null equals nothing, and an input for
  ///   which it throws has failed
  /// @return a copy
  public Feed<T> distinct(Task<? super T, ?> function) {
    return new Feed<>(
        source,
        selection,
        where,
        keys,
        new Sameness.Parts<T>(requireNonNull(function, "function")));
  }

  Source<T> source() {
    return source;
  }

  Selection selection() {
    return selection;
  }

  Task<? super T, Boolean> where() {
    return where;
  }

  Keys<T> keys() {
    return keys;
  }

  Sameness<T> sameness() {
    return sameness;
  }

  /// The key of an input that failed; none if it failed so early that it has none.
  Optional<byte[]> keyOf(Item item) {
    try {
      return keys instanceof Keys.By<T>
          ? keys.of(source.decoder().run(item.raw()))
          : Optional.empty();
    } catch (Exception e) {
      return Optional.empty();
    }
  }

  /// Two conditions that must hold.
  ///
  /// @param first the one that is asked first
  /// @param second the one that is asked if that holds
  /// @param <T> the type of inputs
  private record Both<T>(Task<? super T, Boolean> first, Task<? super T, Boolean> second)
      implements Task<T, Boolean> {
    @Override
    public Boolean run(T input) throws Exception {
      return first.run(input) && second.run(input);
    }
  }

  /// What tells a condition from others.
  private static List<String> told(Task<?, Boolean> condition) {
    return switch (condition) {
      case Everything() -> List.of();
      case Both<?>(var first, var second) ->
          Stream.concat(told(first).stream(), told(second).stream()).toList();
      default -> List.of("where " + CodeIdentity.of(condition));
    };
  }

  /// Says what is done with each input.
  ///
  /// @param task what to run
  /// @return the pipeline, which still needs a sink
  /// @param <R> the type of results
  public <R> Pipeline<T, R> map(Task<? super T, ? extends R> task) {
    return new Pipeline<>(this, requireNonNull(task, "task"), List.of(), new Options());
  }

  List<String> identity() throws IOException {
    List<String> lines = new ArrayList<>(source.identity());
    lines.addAll(told(where));
    if (keys instanceof Keys.By<T>(var function)) {
      lines.add("key " + CodeIdentity.of(function));
    }
    switch (sameness) {
      case Sameness.None<T>() -> {}
      case Sameness.Contents<T>() -> lines.add("distinct");
      case Sameness.Parts<T>(var function) -> lines.add("distinct by " + CodeIdentity.of(function));
    }
    return lines;
  }
}
