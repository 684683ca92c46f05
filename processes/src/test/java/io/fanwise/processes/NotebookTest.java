package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.work.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A task that was typed into a notebook computes on a worker what it computes here.
class NotebookTest {

  /// Where JShell runs what is typed: in this JVM; there, by a loader that shows no bytes, as
  /// notebook kernels do; in another, as `jshell` does.
  enum Where {
    LOCAL,
    KERNEL,
    REMOTE
  }

  private final List<JShell> shells = new ArrayList<>();

  @AfterEach
  void close() {
    shells.forEach(JShell::close);
  }

  private JShell shell(Where where) {
    var builder = JShell.builder();
    var shell =
        switch (where) {
          case LOCAL -> builder.executionEngine("local").build();
          case KERNEL -> builder.executionEngine(new Kernel(), Map.of()).build();
          case REMOTE -> builder.executionEngine("jdi:hostname(localhost)").build();
        };
    shells.add(shell);
    shell.addToClasspath(System.getProperty("java.class.path"));
    type(shell, "import io.fanwise.work.Task;");
    type(shell, "import io.fanwise.processes.Shell;");
    return shell;
  }

  private static String type(JShell shell, String... lines) {
    String last = "";
    for (String line : lines) {
      for (SnippetEvent event : shell.eval(line)) {
        if (event.exception() != null) {
          throw new AssertionError(line + ": " + event.exception().getMessage());
        }
        if (event.status() == Snippet.Status.REJECTED) {
          throw new AssertionError(
              line
                  + ": "
                  + shell.diagnostics(event.snippet()).map(d -> d.getMessage(null)).toList());
        }
        if (event.causeSnippet() == null) {
          last = String.valueOf(event.value());
        }
      }
    }
    return last;
  }

  @ParameterizedTest
  @EnumSource
  void anInitializerReadsVariablesToo(Where where) {
    var shell = shell(where);

    var result =
        type(
            shell,
            "import io.fanwise.Fan;",
            "import io.fanwise.processes.Processes;",
            "import java.util.List;",
            "String word = \"hello\";",
            "var workers = Processes.of(1).initializer(_ -> System.setProperty(\"said\", word));",
            "Fan.on(workers).map(List.of(1), x -> System.getProperty(\"said\") + x)");

    assertThat(result).isEqualTo("[hello1]");
  }

  @Test
  void aRunThatIsOpenGoesOnAsItBeganWhenAMethodIsTypedAnew() {
    var shell = shell(Where.REMOTE); // only there snippets are redefined in place
    type(
        shell,
        "import io.fanwise.Fan;",
        "import io.fanwise.Range;",
        "import io.fanwise.processes.Processes;",
        "import java.util.List;",
        "var fan = Fan.on(Processes.of(1).recycleAfter(4)).batch(1);", // each loads classes anew
        "int add(int x) { return x + 1; }",
        "var open = fan.stream(Range.of(0, 40), x -> add(x)).iterator();",
        "int first = open.next();");

    type(shell, "int add(int x) { return x + 1000; }");
    var after = type(shell, "fan.map(List.of(1, 2, 3), x -> add(x))");
    type(
        shell, "int wrong = 0;", "for (int i = 1; i < 40; i++) if (open.next() != i + 1) wrong++;");

    assertThat(after).isEqualTo("[1001, 1002, 1003]");
    assertThat(type(shell, "wrong")).isEqualTo("0");
  }

  @ParameterizedTest
  @EnumSource
  void aVariableThatCannotTravelIsNamed(Where where) {
    var shell = shell(where);

    type(shell, "Thread db = Thread.currentThread();");

    assertThatThrownBy(() -> type(shell, "Shell.run(x -> db.getName() + x, 1)"))
        .hasMessageContaining(
            "Cannot send the task to another JVM: variable `db` (java.lang.Thread) that the snippet"
                + " reads cannot be sent: java.lang.Thread");
  }

  @ParameterizedTest
  @EnumSource
  void aVariableHasTheValueItHasInTheNotebook(Where where) {
    var shell = shell(where);

    type(shell, "int k = 5;", "String none = null;");

    assertThat(type(shell, "Shell.run(x -> x + k + none, 1)")).isEqualTo("\"6null\"");
  }

  @ParameterizedTest
  @EnumSource
  void everyRunSeesTheVariablesAsTheyAreThen(Where where) {
    var shell = shell(where);
    type(shell, "int k = 5;", "Task<Integer, Integer> task = x -> x + k;");

    String both = "java.util.List.of(task.run(1), Shell.run(task, 1))";
    String first = type(shell, both);
    type(shell, "k = 6;");
    String assigned = type(shell, both);
    type(shell, "int k = 7;");
    String declared = type(shell, both);
    String typedAgain = type(shell, "Shell.run(x -> x + k, 1)");
    type(shell, "long k = 8;", "Task<Integer, Long> task = x -> x + k;");
    String retyped = type(shell, both);

    assertThat(List.of(first, assigned)).containsExactly("[6, 6]", "[7, 7]");
    assertThat(declared)
        .as("JShell leaves a lambda with the k that it was typed with")
        .isEqualTo("[7, 7]");
    assertThat(typedAgain).isEqualTo("8");
    assertThat(retyped).isEqualTo("[9, 9]");
  }

  @Test
  void methodsOfOtherSnippetsAreFollowed() {
    var shell = shell(Where.LOCAL);
    type(
        shell,
        "int k = 5;",
        "int unread = 1;",
        "int scaled(int x) { return java.util.stream.IntStream.of(x).map(y -> y * k).sum(); }",
        "int twice(int x) { return 2 * scaled(x); }");

    assertThat(type(shell, "Shell.run(x -> twice(x), 1)")).isEqualTo("10");
    assertThat(type(shell, "Shell.reads(x -> twice((Integer) x))")).isEqualTo("\"Notebook[k]\"");
  }

  @ParameterizedTest
  @EnumSource
  void aMethodThatIsTypedAnewIsTheNewOne(Where where) {
    var shell = shell(where);
    type(
        shell,
        "int scaled(int x) { return 2 * x; }",
        "Task<Integer, Integer> task = x -> scaled(x);");

    String both = "java.util.List.of(task.run(1), Shell.run(task, 1))";
    String before = type(shell, both);
    type(shell, "int scaled(int x) { return 3 * x; }");
    String after = type(shell, "Shell.run(x -> scaled(x), 1)");
    String alike = type(shell, "task == null || task.run(1).equals(Shell.run(task, 1))");

    assertThat(List.of(before, after, alike)).containsExactly("[2, 2]", "3", "true");
  }

  @ParameterizedTest
  @EnumSource
  void classesOfSnippetsReadVariablesToo(Where where) {
    var shell = shell(where);
    type(
        shell,
        "double pi = 3;",
        "int side = 2;",
        "interface Shape extends java.io.Serializable { double area(); }",
        "record Circle(double r) implements Shape { public double area() { return pi * r * r; } }",
        "class Square implements Shape { int a = side; public double area() { return a * side; } }",
        "Shape shape = new Circle(1);");

    assertThat(type(shell, "Shell.run(r -> new Circle(r).area(), 2.0)")).isEqualTo("12.0");
    assertThat(type(shell, "Shell.run(r -> shape.area(), 2.0)")).isEqualTo("3.0");
    assertThat(type(shell, "Shell.run(r -> new Square().area(), 2.0)")).isEqualTo("4.0");
    assertThat(type(shell, "Shell.reads(x -> shape.area())")).isEqualTo("\"Notebook[pi, shape]\"");
  }

  @Test
  void whatIsInsideAVariableIsFollowedWhenItIsSent() {
    var shell = shell(Where.LOCAL);
    type(
        shell,
        "int k = 5;",
        "Task<Integer, Integer> plus = x -> x + k;",
        "java.util.ArrayList<Task<Integer, Integer>> all = new java.util.ArrayList<>();",
        "all.add(plus);");

    assertThat(type(shell, "Shell.run(x -> plus.run(x), 1)")).isEqualTo("6");
    assertThat(type(shell, "Shell.run(x -> all.get(0).run(x), 1)")).isEqualTo("6");
  }

  @Test
  void anAnonymousClassReadsVariablesToo() {
    var shell = shell(Where.LOCAL);
    type(
        shell,
        "int k = 5;",
        "Task<Integer, Integer> task = new Task<>() { public Integer run(Integer x) { return x + k; } };");

    assertThat(type(shell, "Shell.run(task, 1)")).isEqualTo("6");
  }

  @Test
  void constantsAndWhatOtherLambdasReadStayAtHome() {
    var shell = shell(Where.LOCAL);
    type(shell, "int k = 5;", "Thread db = Thread.currentThread();");
    type(shell, "class Limits { static final Object LOCK = new Object(); static int most = 3; }");

    assertThat(
            type(
                shell,
                "Shell.run(x -> { synchronized (Limits.LOCK) { return x + Limits.most; } },"
                    + " java.util.stream.Stream.of(1).map(x -> db == null ? 0 : x).toList().get(0))"))
        .isEqualTo("4");
  }

  @Test
  void aVariableThatIsAssignedToIsTold() {
    var shell = shell(Where.LOCAL);
    type(shell, "int count = 0;");

    assertThat(type(shell, "Shell.assigns(x -> { count++; return x; })")).isEqualTo("\"[count]\"");
  }

  @Test
  void inputsBringTheVariablesThatTheirClassesRead() {
    var shell = shell(Where.LOCAL);
    type(
        shell,
        "double pi = 3;",
        "interface Shape extends java.io.Serializable { double area(); }",
        "record Circle(double r) implements Shape { public double area() { return pi * r * r; } }");

    assertThat(type(shell, "Shell.<Shape, Double>run(s -> s.area(), new Circle(2))"))
        .isEqualTo("12.0");
  }

  @Test
  void aTaskOfTheClassPathReadsNothing() {
    var notebook = new Notebook(new Origins());

    notebook.reads((Task<Integer, Integer>) x -> x + 1);
    notebook.sends(NotebookTest.class);

    assertThat(notebook.variables()).isEmpty();
  }

  @Test
  @SuppressWarnings("unchecked")
  void staticsOfOrdinaryClassesAreNotCopied() throws Exception {
    var loader =
        InMemory.of(
            Compiled.of(
                "com.acme.Counting",
                """
                package com.acme;
                import io.fanwise.work.Task;
                public class Counting {
                  public static int started = 40;
                  public static Task<Integer, Integer> task() { started = 0; return x -> started + x; }
                }
                """));
    var task =
        (Task<Integer, Integer>)
            (Task<?, ?>) loader.loadClass("com.acme.Counting").getMethod("task").invoke(null);

    assertThat(Shell.run(task, 2)).isEqualTo(42);
  }
}
