package io.fanwise.cli.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// The JDK's own compiler, from memory to memory. Confined to the thread that compiles.
final class Javac implements AutoCloseable {

  private final JavaCompiler compiler;
  private final JavaFileManager files;
  private final List<String> options;

  /// @param classPath what the code may use besides what the command itself is made of
  Javac(List<Path> classPath) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new BadTask(
          "fan map compiles its task, but the Java in %s has no compiler: run it with a JDK"
              .formatted(System.getProperty("java.home")));
    }
    this.compiler = compiler;
    this.files = compiler.getStandardFileManager(null, Locale.ROOT, UTF_8);
    this.options =
        List.of(
            "-proc:none",
            "-implicit:none",
            "-nowarn",
            "-g",
            "-sourcepath",
            "",
            "-classpath",
            joined(classPath));
  }

  /// Reads a source without asking what it means.
  Parsed parse(Source source) {
    var problems = new DiagnosticCollector<JavaFileObject>();
    JavacTask task = (JavacTask) task(files, problems, source);
    try {
      CompilationUnitTree unit = task.parse().iterator().next();
      return new Parsed(
          source, unit, Trees.instance(task).getSourcePositions(), Errors.of(source, problems));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Compilation compile(Source source) {
    var problems = new DiagnosticCollector<JavaFileObject>();
    var memory = new Memory(files);
    task(memory, problems, source).call();
    return new Compilation(memory.classes(), Errors.of(source, problems));
  }

  /// The full name of the one public class of a file.
  String publicClass(Source source) {
    Parsed parsed = parse(source);
    if (!parsed.errors().none()) {
      throw parsed.errors().report();
    }
    List<ClassTree> classes =
        parsed.classes().stream()
            .filter(type -> type.getModifiers().getFlags().contains(Modifier.PUBLIC))
            .toList();
    if (classes.size() != 1) {
      throw new BadTask(source.label() + " should have one public class, has " + classes.size());
    }
    String simpleName = classes.getFirst().getSimpleName().toString();
    var packageName = parsed.unit().getPackageName();
    return packageName == null ? simpleName : packageName + "." + simpleName;
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JavaCompiler.CompilationTask task(
      JavaFileManager files, DiagnosticCollector<JavaFileObject> problems, Source source) {
    return compiler.getTask(Writer.nullWriter(), files, problems, options, null, List.of(source));
  }

  private static String joined(List<Path> classPath) {
    return Stream.concat(
            Stream.of(System.getProperty("java.class.path")),
            classPath.stream().map(Path::toString))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// What came of compiling: classes by name, or errors.
  record Compilation(Map<String, byte[]> classes, Errors errors) {

    Map<String, byte[]> orThrow() {
      if (!errors.none()) {
        throw errors.report();
      }
      return classes;
    }
  }

  /// Keeps the classes that are written.
  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {

    private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    Memory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("task:///" + name.replace('.', '/') + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          return written.computeIfAbsent(name, _ -> new ByteArrayOutputStream());
        }
      };
    }

    Map<String, byte[]> classes() {
      return written.entrySet().stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  Map.Entry::getKey, each -> each.getValue().toByteArray()));
    }
  }
}
