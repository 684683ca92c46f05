package io.fanwise.processes;

import static java.util.Collections.list;
import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The bytes that classes were defined from, as far as their class loaders show them.
///
/// A loader may define a class itself and yet show its parent's resource of that name first. So
/// what is surely the loader's own is preferred, and what may be its parent's is compared with the
/// class.
final class ClassFiles {

  private ClassFiles() {}

  /// The bytes of a class; null if its loader does not show them.
  static byte @Nullable [] of(Class<?> type) {
    String path = type.getName().replace('.', '/') + ".class";
    ClassLoader loader = type.getClassLoader();
    if (type.isHidden() || loader == null) {
      return null;
    }
    try {
      if (type.getModule().isNamed()) {
        return read(type.getModule().getResourceAsStream(path));
      }
      byte[] own = own(loader, path);
      return own != null ? own : shown(type, loader, path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path + " from " + loader, e);
    }
  }

  private static byte @Nullable [] own(ClassLoader loader, String path) throws IOException {
    URL own = loader instanceof URLClassLoader urls ? urls.findResource(path) : null;
    if (own == null) {
      Set<String> above = list(above(loader, path)).stream().map(URL::toString).collect(toSet());
      own =
          list(loader.getResources(path)).stream()
              .filter(url -> !above.contains(url.toString()))
              .findFirst()
              .orElse(null);
    }
    return own == null ? null : read(stream(own));
  }

  private static Enumeration<URL> above(ClassLoader loader, String path) throws IOException {
    ClassLoader parent = loader.getParent();
    return parent == null
        ? ClassLoader.getPlatformClassLoader().getResources(path)
        : parent.getResources(path);
  }

  /// Unlike `openStream`, keeps no jar open that somebody may want to replace.
  private static InputStream stream(URL url) throws IOException {
    var connection = url.openConnection();
    connection.setUseCaches(false);
    return connection.getInputStream();
  }

  private static byte @Nullable [] shown(Class<?> type, ClassLoader loader, String path)
      throws IOException {
    byte[] shown = read(loader.getResourceAsStream(path));
    if (shown != null && (!isParents(shown, loader, path) || describes(shown, type))) {
      return shown;
    }
    byte[] kept = KeptBytes.of(loader, type.getName());
    return kept != null && describes(kept, type) ? kept : null;
  }

  private static boolean isParents(byte[] shown, ClassLoader loader, String path)
      throws IOException {
    ClassLoader parent = loader.getParent();
    return parent != null && Arrays.equals(shown, read(parent.getResourceAsStream(path)));
  }

  /// Whether a class file has just the members of a class.
  private static boolean describes(byte[] bytes, Class<?> type) {
    try {
      ClassModel model = ClassFile.of().parse(bytes);
      return members(model).equals(members(type));
    } catch (LinkageError | IllegalArgumentException e) {
      return false;
    }
  }

  private static Set<String> members(ClassModel model) {
    return Stream.concat(
            model.fields().stream()
                .map(field ->
                    field.fieldName().stringValue() + field.fieldTypeSymbol().descriptorString()),
            model.methods().stream()
                .map(method ->
                    method.methodName().stringValue()
                        + method.methodTypeSymbol().descriptorString())
                .filter(member -> !member.startsWith("<")))
        .collect(toSet());
  }

  private static Set<String> members(Class<?> type) {
    return Stream.concat(
            Arrays.stream(type.getDeclaredFields())
                .map(field -> field.getName() + field.getType().descriptorString()),
            Arrays.stream(type.getDeclaredMethods())
                .map(method ->
                    method.getName()
                        + MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                            .descriptorString()))
        .collect(toSet());
  }

  private static byte @Nullable [] read(@Nullable InputStream in) throws IOException {
    if (in == null) {
      return null;
    }
    try (in) {
      return in.readAllBytes();
    }
  }
}
