package io.fanwise.cli;

import io.fanwise.cli.exec.Command;
import io.fanwise.cli.exec.CommandTemplate;
import io.fanwise.cli.exec.Exit;
import io.fanwise.cli.exec.Finished;
import io.fanwise.cli.exec.NotStarted;
import io.fanwise.cli.exec.Output;
import io.fanwise.cli.exec.Spawner;
import io.fanwise.cli.output.Rendered;
import io.fanwise.cli.output.Rendering;
import io.fanwise.cli.output.Writing;
import io.fanwise.rows.Format;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A program, started anew for each input. Safe for use by many threads.
final class ExecWork implements Work<Printed> {
  private static final byte[] NOTHING = {};

  private final String words;
  private final CommandTemplate command;
  private final Spawner spawner;
  private final Writing writing;
  private final Rendering rendering;
  private final boolean fixedProgram;
  private final Slots slots = new Slots();

  /// @param words what tells it from others
  /// @param fixedProgram whether it is the same program for all inputs
  ExecWork(
      String words,
      CommandTemplate command,
      Spawner spawner,
      Writing writing,
      boolean fixedProgram) {
    this.words = words;
    this.command = command;
    this.spawner = spawner;
    this.writing = writing;
    this.rendering = new Rendering(writing);
    this.fixedProgram = fixedProgram;
  }

  @Override
  public String words() {
    return words;
  }

  @Override
  public Task<Row, Printed> task() {
    return this::run;
  }

  private Printed run(Row row) throws JobFailed, DoesNotFit, InterruptedException {
    int slot = slots.take();
    try {
      Finished finished = spawner.run(expanded(row, slot));
      Printed printed = new Printed(record(row, finished), finished.stderr());
      if (!finished.exit().good() || !finished.stdout().complete()) {
        throw new JobFailed(finished, printed);
      }
      return printed;
    } finally {
      slots.giveBack(slot);
    }
  }

  private Command expanded(Row row, int slot) throws DoesNotFit {
    try {
      return Command.of(command.expand(values(command, row.sound(), slot)));
    } catch (IllegalArgumentException e) {
      throw new DoesNotFit(e);
    }
  }

  /// What goes into the places of a command for an input.
  static CommandTemplate.Values values(CommandTemplate command, Row row, int slot) {
    if (command.columns().isEmpty()) {
      return CommandTemplate.Values.of(row.text(), row.number(), slot);
    }
    var columns = new LinkedHashMap<String, String>();
    List<String> cells = row.cells();
    for (int i = 0; i < cells.size(); i++) {
      columns.put(row.columns().get(i), cells.get(i));
    }
    return new CommandTemplate.Values(row.text(), row.number(), slot, columns);
  }

  private Rendered record(Row row, Finished finished) {
    Output stdout = finished.stdout();
    return switch (writing.format()) {
      case LINES, NUL ->
          writing.format() == Format.LINES && writing.parts().isEmpty()
              ? new Rendered.Verbatim(stdout)
              : rendering.render(row, trimmed(stdout));
      case JSONL, CSV, TSV -> rendering.render(row, told(finished));
    };
  }

  private static Map<String, @Nullable Object> told(Finished finished) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    told.put("exit", finished.exit().status());
    told.put("signal", finished.exit() instanceof Exit.Signal signal ? signal.name() : null);
    told.put("stdout", trimmed(finished.stdout()));
    told.put("stderr", trimmed(finished.stderr()));
    return told;
  }

  /// As `$(…)` has it: without the line ends at the end.
  private static String trimmed(Output output) {
    String text = output.text();
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(0, end);
  }

  @Override
  public Rendered record(Printed result) {
    return result.record();
  }

  @Override
  public Optional<Printed> failed(Throwable error) {
    return error instanceof JobFailed job ? Optional.of(job.printed()) : Optional.empty();
  }

  /// Records have it already.
  @Override
  public byte[] aside(Printed result) {
    return switch (writing.format()) {
      case LINES, NUL -> result.stderr().size() == 0 ? NOTHING : result.stderr().bytes();
      case JSONL, CSV, TSV -> NOTHING;
    };
  }

  @Override
  public boolean hopeless(Throwable error) {
    return fixedProgram
        && error instanceof NotStarted not
        && switch (not.reason()) {
          case NO_PROGRAM, NOT_EXECUTABLE, NO_DIRECTORY -> true;
          case TOO_LONG, NO_ROOM, OTHER -> false;
        };
  }
}
