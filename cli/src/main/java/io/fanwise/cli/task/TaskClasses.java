package io.fanwise.cli.task;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The classes a task is made of: those compiled in memory, and those of the class path the user
/// named. Safe for use by many threads.
public final class TaskClasses extends URLClassLoader {

  static {
    registerAsParallelCapable();
  }

  private final Map<String, byte[]> compiled;
  private final List<Path> classPath;

  TaskClasses(Map<String, byte[]> compiled, List<Path> classPath) {
    super("task", urls(classPath), TaskClasses.class.getClassLoader());
    this.compiled = Map.copyOf(compiled);
    this.classPath = List.copyOf(classPath);
  }

  /// The jars and folders that the user named.
  List<Path> classPath() {
    return classPath;
  }

  /// {@return the bytes of the classes compiled in memory, by name as [Class#getName()] gives it}
  public Map<String, byte[]> compiled() {
    return compiled;
  }

  /// Also finds the bytes of classes compiled in memory.
  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    byte[] bytes = name.endsWith(".class") ? compiled.get(className(name)) : null;
    return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = compiled.get(name);
    return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
  }

  /// The jars and folders of a class path, where `lib/*` stands for every jar in `lib`.
  static List<Path> entries(List<String> classPath) {
    List<Path> entries = new ArrayList<>();
    for (String entry : classPath) {
      boolean all = entry.equals("*") || entry.endsWith("/*");
      if (all) {
        entries.addAll(
            jars(Path.of(entry.equals("*") ? "." : entry.substring(0, entry.length() - 1))));
      } else if (Files.exists(Path.of(entry))) {
        entries.add(Path.of(entry));
      } else {
        throw new BadTask("No such file or folder on the class path: " + entry);
      }
    }
    return entries;
  }

  private static List<Path> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new BadTask(
          "Cannot read the folder %s of the class path: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static URL[] urls(List<Path> classPath) {
    return classPath.stream().map(TaskClasses::url).toArray(URL[]::new);
  }

  private static URL url(Path entry) {
    try {
      return entry.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new BadTask("Cannot load classes from " + entry, e);
    }
  }

  private static String className(String resource) {
    return resource.substring(0, resource.length() - ".class".length()).replace('/', '.');
  }
}
