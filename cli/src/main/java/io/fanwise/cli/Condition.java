package io.fanwise.cli;

import io.fanwise.cli.task.CompiledTask;
import io.fanwise.cli.task.Role;
import io.fanwise.cli.task.TaskText;
import io.fanwise.rows.Format;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What `--where` says of inputs. Safe for use by many threads if what the user wrote is.
///
/// @param text what the user wrote
/// @param task gives true or false
record Condition(String text, Task<Row, Object> task) {

  /// @param how where it is asked
  static Condition compile(String text, Format format, List<String> classPath, HowOptions how) {
    CompiledTask compiled = new TaskText(text, format, classPath).compile(Role.CONDITION);
    Task<Row, Object> task = compiled.task();
    return new Condition(text, how.elsewhere() ? compiled.elsewhere(task) : task);
  }

  boolean holds(Row row) throws Exception {
    return switch (task.run(row)) {
      case Boolean holds -> holds;
      case JsonNode json when json.isBoolean() -> json.asBoolean();
      case Object other ->
          throw new IllegalArgumentException(
              "--where %s gives neither true nor false, but %s".formatted(text, other));
    };
  }
}
