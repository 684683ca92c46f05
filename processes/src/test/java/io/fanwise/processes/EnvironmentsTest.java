package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.work.Task;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.launch.JarLauncher;

/// However the program was started: workers find its classes, with nothing for the user to do.
class EnvironmentsTest {
  private static final String PROGRAM =
      """
      import io.fanwise.*;
      import io.fanwise.processes.*;
      import java.util.*;

      public class Program {
        public record Point(int x, int y) implements java.io.Serializable {
          int sum() { return x + y; }
        }

        public static void main(String[] args) {
          int k = 100;
          System.out.println(
              Fan.on(Processes.of(2))
                  .map(List.of(new Point(1, 2), new Point(3, 4)), p -> new Point(p.sum(), k)));
        }
      }
      """;
  private static final String PRINTED = "[Point[x=3, y=100], Point[x=7, y=100]]\n";

  @TempDir static Path place;
  private static Path lib;

  @BeforeAll
  static void fanwiseInJars() throws Exception {
    lib = Files.createDirectory(place.resolve("lib"));
    for (Class<?> one : List.of(Task.class, Fan.class, Processes.class)) {
      Path from = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path jar = lib.resolve("fanwise-" + one.getSimpleName() + ".jar");
      if (Files.isDirectory(from)) {
        jar(jar, new Manifest(), from, "");
      } else {
        Files.copy(from, jar);
      }
    }
  }

  @Test
  void aClassPath() throws Exception {
    Path classes = compiled("classpath", PROGRAM, false);

    assertThat(java("-cp", jars() + File.pathSeparator + classes, "Program")).isEqualTo(PRINTED);
  }

  @Test
  void aRelativeClassPath() throws Exception {
    Path classes = compiled("relative", PROGRAM, false);
    Path relative = place.relativize(classes);

    assertThat(java("-cp", "lib/*" + File.pathSeparator + relative, "Program")).isEqualTo(PRINTED);
  }

  @Test
  void aModulePath() throws Exception {
    Path classes = compiled("modules", "package app; " + PROGRAM, true);

    assertThat(java("-p", lib + File.pathSeparator + classes, "-m", "app/app.Program"))
        .isEqualTo(PRINTED);
  }

  @Test
  void aSourceFile() throws Exception {
    Path source = Files.writeString(place.resolve("Program.java"), PROGRAM);

    assertThat(java("-cp", jars(), source.toString())).isEqualTo(PRINTED);
  }

  @Test
  void aSpringBootJar() throws Exception {
    Path classes = compiled("boot", PROGRAM, false);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, JarLauncher.class.getName());
    manifest.getMainAttributes().putValue("Start-Class", "Program");
    manifest.getMainAttributes().putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
    manifest.getMainAttributes().putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
    Path jar = place.resolve("app.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      add(out, classes, "BOOT-INF/classes/");
      add(out, lib, "BOOT-INF/lib/");
      loader(out);
    }

    assertThat(java("-jar", jar.toString())).isEqualTo(PRINTED);
  }

  /// What the worker of a build tool does: its own class path is a jar of its own, standard input
  /// brings what it is to run, and from where; standard output is its protocol.
  private static final String BUILD_TOOL =
      """
      package tool;

      import java.io.*;
      import java.net.*;
      import java.nio.file.Path;
      import java.util.*;

      public class WorkerMain {
        public static void main(String[] args) throws Exception {
          var in = new DataInputStream(System.in);
          var urls = new URL[in.readInt()];
          for (int i = 0; i < urls.length; i++) urls[i] = Path.of(in.readUTF()).toUri().toURL();
          ClassLoader loader = urls.length == 0
              ? ClassLoader.getSystemClassLoader()
              : new URLClassLoader("tests", urls, ClassLoader.getPlatformClassLoader());
          Thread.currentThread().setContextClassLoader(loader);
          loader.loadClass("Program").getMethod("main", String[].class)
              .invoke(null, (Object) new String[0]);
          if (in.readInt() != 7) throw new IllegalStateException("somebody has read my input");
        }
      }
      """;

  /// As Gradle starts the JVMs that tests run in.
  @Test
  void anArgumentFileWithTheClassPathUnderABuildTool() throws Exception {
    Path classes = compiled("argfile", PROGRAM, false);
    Path arguments =
        Files.writeString(
            place.resolve("worker-classpath.txt"),
            "-cp \""
                + String.join(File.pathSeparator, "" + toolJar(), "" + classes, jars())
                + "\"");

    assertThat(
            fed(
                List.of(),
                tool("java"),
                "-Xmx256m",
                "@" + arguments,
                "tool.WorkerMain",
                "executor 1"))
        .isEqualTo(PRINTED);
  }

  /// As Gradle did, and others do.
  @Test
  void aClassPathThatComesOverStandardInput() throws Exception {
    Path classes = compiled("stdin", PROGRAM, false);
    List<String> path = new ArrayList<>(List.of(jars().split(File.pathSeparator)));
    path.add(classes.toString());

    assertThat(fed(path, tool("java"), "-cp", toolJar().toString(), "tool.WorkerMain"))
        .isEqualTo(PRINTED);
  }

  private static Path toolJar() throws IOException {
    Path jar = place.resolve("build-tool.jar");
    if (!Files.exists(jar)) {
      Path source = Files.writeString(place.resolve("WorkerMain.java"), BUILD_TOOL);
      Path classes = Files.createDirectory(place.resolve("tool"));
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, "-proc:none", "-d", classes.toString(), source.toString());
      assertThat(code).isZero();
      jar(jar, new Manifest(), classes, "");
    }
    return jar;
  }

  /// Runs a command whose standard input is its protocol.
  private static String fed(List<String> classPath, String... command) throws Exception {
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(input);
    data.writeInt(classPath.size());
    for (String entry : classPath) {
      data.writeUTF(entry);
    }
    data.writeInt(7);
    return run(input.toByteArray(), command);
  }

  @Test
  void jshell() throws Exception {
    Path script =
        Files.writeString(
            place.resolve("script.jsh"),
            """
            import io.fanwise.*;
            import io.fanwise.processes.*;
            int k = 5;
            record P(int x) {}
            int twice(int x) { return 2 * x * k; }
            var fan = Fan.on(Processes.of(2));
            System.out.println(fan.map(List.of(1, 2), x -> new P(x + k)));
            k = 7;
            System.out.println(fan.map(List.of(1, 2), x -> twice(x)));
            /exit
            """);

    for (String control : List.of("local", "jdi")) {
      assertThat(
              run(
                  tool("jshell"),
                  "--execution",
                  control,
                  "--class-path",
                  jars(),
                  script.toString()))
          .isEqualTo("[P[x=6], P[x=7]]\n[14, 28]\n");
    }
  }

  private static Path compiled(String name, String program, boolean asModule) throws IOException {
    Path sources = Files.createDirectories(place.resolve(name).resolve("src"));
    Path classes = Files.createDirectories(place.resolve(name).resolve("classes"));
    List<String> command = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
    if (asModule) {
      Path info = sources.resolve("module-info.java");
      Files.writeString(info, "module app { requires io.fanwise.processes; }");
      command.addAll(List.of("-p", lib.toString(), info.toString()));
    } else {
      command.addAll(List.of("-cp", jars()));
    }
    command.add(Files.writeString(sources.resolve("Program.java"), program).toString());
    int code =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new));
    assertThat(code).isZero();
    return classes;
  }

  private static String jars() throws IOException {
    try (Stream<Path> all = Files.list(lib)) {
      return String.join(File.pathSeparator, all.map(Path::toString).toList());
    }
  }

  private static void jar(Path jar, Manifest manifest, Path content, String prefix)
      throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      add(out, content, prefix);
    }
  }

  /// Jars inside a jar are not compressed again: that is what the loader wants.
  private static void add(JarOutputStream out, Path directory, String prefix) throws IOException {
    if (!prefix.isEmpty()) {
      out.putNextEntry(new JarEntry(prefix));
      out.closeEntry();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        String name = directory.relativize(file).toString().replace(File.separatorChar, '/');
        JarEntry entry = new JarEntry(prefix + name);
        if (name.endsWith(".jar")) {
          CRC32 crc = new CRC32();
          crc.update(bytes);
          entry.setMethod(JarEntry.STORED);
          entry.setSize(bytes.length);
          entry.setCrc(crc.getValue());
        }
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
      }
    }
  }

  private static void loader(JarOutputStream out) throws IOException, URISyntaxException {
    Path jar =
        Path.of(JarLauncher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile loader = new JarFile(jar.toFile())) {
      for (JarEntry entry : loader.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        out.putNextEntry(new JarEntry(entry.getName()));
        loader.getInputStream(entry).transferTo(out);
        out.closeEntry();
      }
    }
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  private static String java(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(tool("java")));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    return run(new byte[0], command);
  }

  private static String run(byte[] given, String... command)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile(place, "err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(place.toFile())
            .redirectError(errors.toFile())
            .start();
    try (OutputStream input = process.getOutputStream()) {
      input.write(given);
    }
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(() -> printed + read(errors)).isZero();
    return printed;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
