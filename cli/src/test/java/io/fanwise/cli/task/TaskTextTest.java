package io.fanwise.cli.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.rows.BadInput;
import io.fanwise.rows.Format;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTextTest {

  @TempDir Path folder;

  // expressions

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "line.length() | 5",
        "line.length(); | 5",
        "line.toUpperCase() // shouts | HELLO",
        "index + number | 1",
        "row.place() | standard input:1",
        "max(1, 2) + abs(-PI) | 5.141592653589793",
        "line.chars().filter(c -> c == 'l').count() | 2",
        "Stream.of(line.split(\"l\")).collect(Collectors.toList()) | [he, , o]",
        "line -> line.length() | 5",
        "(line) -> line.length() | 5",
        "(String s) -> s.length() | 5",
        "(var s) -> s.length() | 5",
        "(final String s) -> s.length() | 5",
        "(Row r) -> r.text() + r.number() | hello1",
        "(Object o) -> o.getClass().getSimpleName() | String",
        "x -> { var n = x.length(); return n * 2; } | 10",
        "_ -> 42 | 42",
        "index -> index.length() | 5",
        "String::length | 5",
        "{ int line = 3; return line; } | 3",
        "int n = line.length(); return n > 3 ? 'a' : 'b'; | a",
        "var list = new ArrayList<Map<String, Integer>>(); list.add(Map.of(line, 1)); return list;"
            + " | [{hello=1}]",
        "switch (line) { case \"hello\" -> 1; default -> 2; } | 1",
        "Integer.MAX_VALUE | 2147483647",
        "java.lang.Math.PI | 3.141592653589793",
        "new BigDecimal(\"1.10\").add(BigDecimal.ONE) | 2.10",
        "Pattern.matches(\"h.*\", line) | true",
        "LocalDate.of(2026, 1, 2).plusDays(1) | 2026-01-03",
        "Path.of(line).resolve(\"x\") | hello/x",
        "URI.create(line).getPath() | hello",
        "new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8) | hello",
        "\"é😀\" + line | é😀hello",
      })
  void anExpressionIsEvaluatedOnTheLine(String text, String result) throws Exception {
    assertThat(run(text, Format.LINES, "hello").toString()).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "json.get(\"user\").get(\"id\").asInt() | 7",
        "j -> j.get(\"user\").get(\"id\").asInt() | 7",
        "(JsonNode j) -> j.get(\"user\").get(\"id\").asInt() | 7",
        "(String s) -> s.length() | 17",
        "col(\"user\") | {\"id\":7}",
        "line.length() | 17",
        "JsonNode::size | 1",
      })
  void aJsonLineIsGivenAsJson(String text, String result) throws Exception {
    assertThat(run(text, Format.JSONL, "{\"user\":{\"id\":7}}").toString()).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Double.parseDouble(col(\"price\")) | 2.5",
        "col(1) | 7",
        "r -> r.col(\"price\") | 2.5",
        "(String s) -> s | 7,2.5",
        "line | 7,2.5",
        "json.get(\"id\").asString() | 7",
        "row.columns() | [id, price]",
      })
  void aRecordIsGivenByItsColumns(String text, String result) throws Exception {
    assertThat(run(text, Format.CSV, "id,price\n7,2.5").toString()).isEqualTo(result);
  }

  @Test
  void linesThatAreJsonCanBeReadAsJson() throws Exception {
    assertThat(run("json.get(0).asInt()", Format.LINES, "[3]")).isEqualTo(3);
  }

  @Test
  void textBlocksKeepTheirShape() throws Exception {
    String text = "\"\"\"\n    a\n      b\n    \"\"\" + line";

    assertThat(run(text, Format.LINES, "!")).isEqualTo("a\n  b\n!");
  }

  @Test
  void checkedExceptionsAreThrownAsTheyAre() {
    assertThatThrownBy(() -> run("Files.readString(Path.of(line))", Format.LINES, "missing"))
        .isInstanceOf(java.nio.file.NoSuchFileException.class)
        .hasMessage("missing");
    assertThatThrownBy(() -> run("throw new Exception(line);", Format.LINES, "x"))
        .isInstanceOf(Exception.class)
        .hasMessage("x");
  }

  @Test
  void aStackTraceHasTheUsersLineNumbers() {
    assertThatThrownBy(() -> run("x -> {\n\n  return Integer.parseInt(x);\n}", Format.LINES, "x"))
        .isInstanceOf(NumberFormatException.class)
        .satisfies(e ->
            assertThat(e.getStackTrace())
                .anyMatch(f -> f.getClassName().contains("Fan") && f.getLineNumber() == 3));
  }

  @Test
  void nullIsAFailureThatSaysWhatToReturn() {
    assertThatThrownBy(() -> run("null", Format.LINES, "x"))
        .hasMessage("the task returned null: return a value, or Optional.empty() if there is none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Thread.onSpinWait()",
        "{ synchronized (line) { line.notify(); } }",
        "x -> { if (x.isEmpty()) return; x.isBlank(); }",
        "for (int i = 0; i < 2; i++) line.length();",
        "Objects.requireNonNull(line); Thread.onSpinWait();",
        "x -> Thread.onSpinWait()",
        "new ArrayList<String>()::addFirst",
      })
  void aTaskMayHaveNoResult(String text) throws Exception {
    assertThat(run(text, Format.LINES, "x")).isEqualTo(NoResult.NO_RESULT);
  }

  @Test
  void aMissingColumnFailsTheItem() {
    assertThatThrownBy(() -> run("col(\"x\")", Format.CSV, "id\n1"))
        .isInstanceOf(NoSuchElementException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "col(\"a\")", "row.text()"})
  void aRecordWithTooManyFieldsFailsWhateverTheTaskLooksAt(String text) {
    assertThatThrownBy(() -> run(text, Format.CSV, "a\n1,2")).isInstanceOf(BadInput.class);
  }

  @Test
  void theClassesAreAtHandAsBytes() throws IOException {
    TaskClasses classes = new TaskText("1", Format.LINES, List.of()).compile().classes();

    assertThat(classes.compiled()).containsKey(Role.TASK.type());
    try (InputStream in = classes.getResourceAsStream(Role.TASK.type() + ".class")) {
      assertThat(in.readAllBytes()).isEqualTo(classes.compiled().get(Role.TASK.type()));
    }
  }

  // compile errors

  @Test
  void anUnknownNameIsShownWhereItStands() {
    assertError(
        "lin.length()",
        """
        task:1: error: cannot find symbol
        lin.length()
        ^
          symbol:   variable lin\
        """);
  }

  @Test
  void theCaretStandsUnderTheDotAsJavacPutsIt() {
    assertError(
        "1 + line.lenght()",
        """
        task:1: error: cannot find symbol
        1 + line.lenght()
                ^
          symbol:   method lenght()
          location: variable line of type String\
        """);
  }

  @Test
  void linesAreCountedAsTheUserCountsThem() {
    assertError(
        "x -> {\n\tvar n = x.length();\n\treturn m;\n}",
        """
        task:3: error: cannot find symbol
        \treturn m;
        \t       ^
          symbol:   variable m\
        """);
  }

  @Test
  void wideCharactersMoveTheCaretAsFarAsTheyAreWide() {
    assertError(
        "\"日本😀é\" + lin",
        """
        task:1: error: cannot find symbol
        "日本😀é" + lin
                    ^
          symbol:   variable lin\
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "line.length( | illegal start of expression | 12",
        "Integer.parseInt(line.trim() | ')' or ',' expected | 28",
        "{ return 1 } | ';' expected | 10",
        "{ if (line.isEmpty()) return 1; } | missing return statement | 32",
        "line + | illegal start of expression | 6",
        "1; Object y = 2 | not a statement | 0",
        "int line | '.class' expected | 4",
        "{ 1, 2 } | not a statement | 2",
        "line.length()) | ';' expected | 13",
        "x -> { int x = 1; return x; } | variable x is already defined | 11",
        "(Integer x) -> x | a task is given a String, a Row or a JsonNode, not Integer | 1",
        "(a, b) -> a | a task is given one input, but this lambda has 2 parameters | 0",
        "() -> 1 | a task is given one input, but this lambda has 0 parameters | 0",
        "Math.sqrt(line) | incompatible types: String cannot be converted to double | 10",
        "List<String> x = List.of(1); return x; | incompatible types: inference variable E has"
            + " incompatible bounds | 24",
      })
  void anErrorStandsUnderTheUsersOwnColumn(String text, String message, int column) {
    assertThatThrownBy(() -> compile(text, Format.LINES))
        .isInstanceOf(BadTask.class)
        .hasMessageStartingWith(
            "task:1: error: " + message + "\n" + text + "\n" + " ".repeat(column) + "^");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lin",
        "this.foo()",
        "foo(1)",
        "Foo.bar()",
        "x -> { int x; return 1; }",
        "}; { ",
        "return 1;;",
        "String::foo",
        "Thread.onSpinWait() + 1",
        "{ return; return 1; }",
        "/* no end",
        "\"no end",
        "1 2",
        "(String line) -> { String line = null; return line; }",
      })
  void nothingOfTheGeneratedCodeIsShown(String text) {
    assertThatThrownBy(() -> compile(text, Format.LINES))
        .isInstanceOf(BadTask.class)
        .hasMessageStartingWith("task:1: error: ")
        .message()
        .doesNotContain("Fan", "fan", "NoResult", "Object fan");
  }

  @Test
  void severalErrorsAreCounted() {
    assertThatThrownBy(() -> compile("a + b", Format.LINES))
        .message()
        .contains("variable a", "variable b")
        .endsWith("2 errors");
  }

  @Test
  void anEmptyTaskIsRefused() {
    assertThatThrownBy(() -> compile("  ", Format.LINES))
        .isInstanceOf(BadTask.class)
        .hasMessageContaining("such as 'line.length()'");
  }

  // files

  @Test
  void aFileWithATaskIsRun() throws Exception {
    String file =
        file(
            "Words",
            """
            import io.fanwise.work.Task;
            public class Words implements Task<String, Integer> {
              public Integer run(String line) { return new Cut().cut(line).length; }
            }
            class Cut { String[] cut(String s) { return s.split(" "); } }
            """);

    assertThat(run(file, Format.LINES, "a b c")).isEqualTo(3);
  }

  @Test
  void aFileWithAnActionIsRun() throws Exception {
    String file =
        file(
            "Silent",
            """
            public class Silent implements io.fanwise.work.Action<Object> {
              public void run(Object line) { if (!line.equals("x")) throw new Error("" + line); }
            }
            """);

    assertThat(run(file, Format.LINES, "x")).isEqualTo(NoResult.NO_RESULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public static int count(String s) { return s.length(); } | 5",
        "public boolean isRow(Object o) { return o instanceof io.fanwise.rows.Row; } | true",
        "public String text(io.fanwise.rows.Row row) throws Exception { return row.col(2); } |"
            + " 2.5",
        "public long ok(tools.jackson.databind.JsonNode json) { return json.size(); }"
            + " public boolean equals(Object other) { return false; }"
            + " public int hashCode() { return 1; } | 2",
        "public static String yes(String s) { return no(s); } static String no(String s) { return"
            + " s; } public int two(String a, String b) { return 2; } | 7,2.5",
      })
  void aFileWithOneFittingMethodIsRun(String methods, String result) throws Exception {
    String file = file("Fits", "package a.b; public class Fits { " + methods + " }");

    assertThat(run(file, Format.CSV, "id,price\n7,2.5").toString()).isEqualTo(result);
  }

  @Test
  void aVoidMethodHasNoResult() throws Exception {
    String file = file("Quiet", "public class Quiet { public void take(String s) {} }");

    assertThat(run(file, Format.LINES, "x")).isEqualTo(NoResult.NO_RESULT);
  }

  @Test
  void whatAMethodThrowsIsThrownAsItIs() throws Exception {
    String file =
        file(
            "Fails",
            "public class Fails { public static int f(String s) throws Exception { throw new"
                + " java.io.IOException(s); } }");

    assertThatThrownBy(() -> run(file, Format.LINES, "x"))
        .isInstanceOf(IOException.class)
        .hasMessage("x");
  }

  @Test
  void anErrorInAFileHasTheFilesNameAndLine() throws IOException {
    String file = file("Wrong", "public class Wrong {\n  int x = y;\n}\n");

    assertThatThrownBy(() -> compile(file, Format.LINES))
        .isInstanceOf(BadTask.class)
        .hasMessage(
            file
                + """
                :2: error: cannot find symbol
                  int x = y;
                          ^
                  symbol:   variable y
                  location: class Wrong\
                """);
  }

  @Test
  void severalFittingMethodsAreListed() throws IOException {
    String file =
        file(
            "Two",
            "public class Two { public int a(String s) { return 1; } public static Object"
                + " b(Object o) { return 1; } }");

    assertThatThrownBy(() -> compile(file, Format.LINES))
        .isInstanceOf(BadTask.class)
        .hasMessage(
            "Class Two has 2 public methods that fit; leave one public, or make it a Task:"
                + "%n  Object b(Object)%n  int a(String)".formatted());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public class Odd {} | Class Odd is no Task, and no public method takes",
        "public class Odd { public int f(int x) { return x; } } | Class Odd is no Task, and no",
        "class Odd {} | has 0",
        "public class Odd { private Odd() {} public int f(String s) { return 1; } } | Class Odd"
            + " needs a public constructor without parameters",
        "public class Odd { public Odd() { throw new Error(\"ouch\"); } public int f(String s) {"
            + " return 1; } } | Cannot create a Odd: java.lang.Error: ouch",
        "public abstract class Odd { public int f(String s) { return 1; } } | Class Odd needs",
        "public class Odd implements io.fanwise.work.Task<Integer, Integer> { public Integer"
            + " run(Integer i) { return i; } } | Class Odd is a Task of Integer, but a task is"
            + " given a String, a Row or a JsonNode",
      })
  void aClassThatDoesNotFitIsRefused(String code, String message) throws IOException {
    String file = file("Odd", code);

    assertThatThrownBy(() -> compile(file, Format.LINES))
        .isInstanceOf(BadTask.class)
        .hasMessageContaining(message);
  }

  @Test
  void aMissingFileIsRefused() {
    assertThatThrownBy(() -> compile("Missing.java", Format.LINES))
        .isInstanceOf(BadTask.class)
        .hasMessage("No such file: Missing.java");
  }

  // classes

  @Test
  void aClassOnTheClassPathIsRun() throws Exception {
    String classPath =
        classPath(
            "package com.acme; public class Cut { public static int cut(String s) { return"
                + " s.length(); } }");

    assertThat(run("com.acme.Cut", classPath)).isEqualTo(5);
    assertThat(run("com.acme.Cut.cut(line) + 1", classPath)).isEqualTo(6);
  }

  @Test
  void aClassWithoutPackageIsRunToo() throws Exception {
    String classPath =
        classPath("public class Cut { public static int cut(String s) { return s.length(); } }");

    assertThat(run("Cut", classPath)).isEqualTo(5);
    assertThat(run("Cut.cut(line) + 1", classPath)).isEqualTo(6);
    assertThat(run("line", classPath)).isEqualTo("hello");
  }

  @Test
  void aMissingClassIsNamedWithWhereItWasSought() throws IOException {
    String classPath = classPath("public class Cut {}");

    assertThatThrownBy(() -> run("com.acme.Missing", classPath))
        .isInstanceOf(BadTask.class)
        .hasMessage("No class com.acme.Missing on the class path: " + classPath);
    assertThatThrownBy(() -> compile("com.acme.Missing", Format.LINES))
        .hasMessage(
            "No class com.acme.Missing on the class path: name its jar or folder with"
                + " --class-path");
  }

  @Test
  void aMissingClassPathIsRefused() {
    assertThatThrownBy(() -> run("line", folder.resolve("missing.jar").toString()))
        .isInstanceOf(BadTask.class)
        .hasMessageStartingWith("No such file or folder on the class path: ");
  }

  @Test
  void tasksOfOneMethodTravel() throws Exception {
    String classPath =
        classPath("public class Cut { public int cut(String s) { return s.length(); } }");
    CompiledTask compiled = new TaskText("Cut", Format.LINES, List.of(classPath)).compile();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(compiled.task());
    }

    Object read;
    try (ObjectInputStream in = new Resolving(bytes.toByteArray(), compiled.classes())) {
      read = in.readObject();
    }

    @SuppressWarnings("unchecked")
    var task = (io.fanwise.work.Task<Row, Object>) read;
    assertThat(task.run(row(Format.LINES, "hello"))).isEqualTo(5);
  }

  @Test
  void anOptionalIsAResult() throws Exception {
    assertThat(run("Optional.empty()", Format.LINES, "x")).isEqualTo(Optional.empty());
  }

  private String file(String name, String code) throws IOException {
    return Files.writeString(folder.resolve(name + ".java"), code).toString();
  }

  /// Compiles a class called Cut into a folder.
  private String classPath(String code) throws IOException {
    String file = file("Cut", code);
    try (Javac javac = new Javac(List.of())) {
      var classes = javac.compile(Source.file(file, code)).orThrow();
      for (var each : classes.entrySet()) {
        Path target = folder.resolve("classes").resolve(each.getKey().replace('.', '/') + ".class");
        Files.createDirectories(target.getParent());
        Files.write(target, each.getValue());
      }
    }
    return folder.resolve("classes").toString();
  }

  private static void assertError(String text, String message) {
    assertThatThrownBy(() -> compile(text, Format.LINES))
        .isInstanceOf(BadTask.class)
        .hasMessage(message);
  }

  private static CompiledTask compile(String text, Format format) {
    return new TaskText(text, format, List.of()).compile();
  }

  private static Object run(String text, String classPath) throws Exception {
    return new TaskText(text, Format.LINES, List.of(classPath))
        .compile()
        .task()
        .run(row(Format.LINES, "hello"));
  }

  private static Object run(String text, Format format, String input) throws Exception {
    return compile(text, format).task().run(row(format, input));
  }

  private static Row row(Format format, String input) {
    InputStream in = new ByteArrayInputStream(input.getBytes(UTF_8));
    try (Inputs inputs = Inputs.of(List.of(), in, Reading.standard().format(format))) {
      return inputs.next();
    }
  }

  /// Reads objects of classes that a loader knows.
  private static final class Resolving extends ObjectInputStream {

    private final ClassLoader loader;

    Resolving(byte[] bytes, ClassLoader loader) throws IOException {
      super(new ByteArrayInputStream(bytes));
      this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(java.io.ObjectStreamClass type) throws ClassNotFoundException {
      return Class.forName(type.getName(), false, loader);
    }
  }
}
