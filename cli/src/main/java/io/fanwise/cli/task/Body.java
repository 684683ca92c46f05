package io.fanwise.cli.task;

import java.util.Set;

/// The part of the user's text that does the work, and the class around it. Immutable.
///
/// @param role what it is there for
/// @param text what the user wrote
/// @param kind what the part is
/// @param from where the part begins
/// @param to where it ends
/// @param names the names it uses
/// @param given what its parameter is given
/// @param parameter the name of its parameter
record Body(
    Role role,
    String text,
    Kind kind,
    int from,
    int to,
    Set<String> names,
    Given given,
    String parameter) {

  private static final String IMPORTS =
      """
      import java.io.*;\
      import java.math.*;\
      import java.net.*;\
      import java.nio.charset.*;\
      import java.nio.file.*;\
      import java.time.*;\
      import java.util.*;\
      import java.util.concurrent.*;\
      import java.util.function.*;\
      import java.util.regex.*;\
      import java.util.stream.*;\
      import static java.lang.Math.*;\
      import io.fanwise.rows.Row;\
      import tools.jackson.databind.JsonNode;\
      """;

  private static final String NO_RESULT = NoResult.class.getName() + "." + NoResult.NO_RESULT;

  enum Kind {
    VALUE,
    REFERENCE,
    BLOCK,
    STATEMENTS
  }

  /// The class, if the part gives a value.
  Source valued() {
    return source("Object fanResult" + parameters(), "return ", "io.fanwise.work.Task<%s,Object>");
  }

  /// The class, if it gives none.
  Source silent() {
    String result =
        "Object fanResult%s{fanBody(%s);return %s;}".formatted(parameters(), parameter, NO_RESULT);
    return source(result + "void fanBody" + parameters(), "", "io.fanwise.work.Action<%s>");
  }

  private Source source(String method, String statement, String function) {
    String before =
        switch (kind) {
          case VALUE -> "{" + statement;
          case REFERENCE -> "{" + statement + "((" + function.formatted(given.type()) + ")";
          case BLOCK -> "";
          case STATEMENTS -> "{";
        };
    String after =
        switch (kind) {
          case VALUE -> ";}";
          case REFERENCE -> ").run(" + parameter + ");}";
          case BLOCK -> "";
          case STATEMENTS -> "}";
        };
    return Source.around(
        role, text, from, to, IMPORTS + task() + call() + method + before, after + "}}");
  }

  private String parameters() {
    return "(%s %s)throws Exception".formatted(given.type(), parameter);
  }

  private String task() {
    return "public final class %s implements io.fanwise.work.Task<Row,Object>{"
            .formatted(role.type())
        + "public Object run(Row row)throws Exception{return new FanCall(row).fanResult(%s);}"
            .formatted(given.code());
  }

  /// One call: its fields are the names that the user may use. Text and JSON cost something, so
  /// only who names them has them.
  private String call() {
    boolean line = names.contains("line");
    boolean json = names.contains("json");
    return "static final class FanCall{final Row row;final long number;final long index;"
        + (line ? "final String line;" : "")
        + (json ? "final JsonNode json;" : "")
        + "FanCall(Row row){this.row=row;number=row.number();index=row.index();"
        + (line ? "line=row.text();" : "")
        + (json ? "json=row.json();" : "")
        + "}String col(String name){return row.col(name);}String col(int number){return"
        + " row.col(number);}";
  }
}
