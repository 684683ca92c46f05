package io.fanwise;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.fail;

import io.fanwise.pipeline.Pipeline;
import io.fanwise.processes.Processes;
import io.fanwise.work.Task;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The public API is what public-api.txt says: it cannot grow, shrink or change by accident.
class PublicApiTest {
  private static final Path LISTED = Path.of("src/test/resources/public-api.txt");
  private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");
  private static final Set<String> OF_EVERY_ENUM = Set.of("values", "valueOf");

  @Test
  void thePublicApiIsTheListedOne() throws Exception {
    List<String> actual = api();

    if (Boolean.getBoolean("fanwise.api.update")) {
      Files.write(LISTED, actual);
    }

    List<String> listed = Files.exists(LISTED) ? Files.readAllLines(LISTED) : List.of();
    if (!actual.equals(listed)) {
      fail(
          """
          The public API is not the one listed in conformance/%s:

          %s

          If that is what you want, accept it and commit the file with your change:
            ./build -Dfast -pl conformance -am test -Dtest=PublicApiTest -Dsurefire.failIfNoSpecifiedTests=false \
          -Dfanwise.api.update=true
          """,
          LISTED, difference(listed, actual));
    }
  }

  private static List<String> api() throws IOException, URISyntaxException {
    var lines = new ArrayList<String>();
    for (var module : List.of(Fan.class, Task.class, Processes.class, Pipeline.class)) {
      for (var type : exportedTypes(module)) {
        lines.add(header(type));
        members(type).map(member -> "  " + member).forEach(lines::add);
        lines.add("");
      }
    }
    return lines;
  }

  /// What the module of a class lets others see; its descriptor is read, as tests run on the class
  /// path.
  private static List<Class<?>> exportedTypes(Class<?> inside)
      throws IOException, URISyntaxException {
    var location = Path.of(inside.getProtectionDomain().getCodeSource().getLocation().toURI());
    var module = ModuleFinder.of(location).findAll().iterator().next();
    var exported = new ArrayList<String>();
    for (var export : module.descriptor().exports()) {
      if (!export.isQualified()) {
        exported.add(export.source());
      }
    }
    try (var reader = module.open()) {
      return reader
          .list()
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .<Class<?>>map(PublicApiTest::load)
          .filter(type -> exported.contains(type.getPackageName()) && isVisible(type))
          .sorted(Comparator.comparing(Class::getName))
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PublicApiTest.class.getClassLoader());
    } catch (ClassNotFoundException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static boolean isVisible(Class<?> type) {
    return isVisible(type.getModifiers())
        && !type.isSynthetic()
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  /// Such as `final class io.fanwise.Fan`.
  private static String header(Class<?> type) {
    var header = new StringBuilder(type.toGenericString());
    if (type.isRecord()) {
      header.append(
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getGenericType)
              .map(Type::getTypeName)
              .collect(joining(", ", "(", ")")));
    }
    var parents = new ArrayList<Type>(List.of(type.getGenericInterfaces()));
    if (type.getSuperclass() != null && !type.isRecord() && !type.isEnum()) {
      parents.addFirst(type.getGenericSuperclass());
    }
    parents.remove(Object.class);
    if (!parents.isEmpty()) {
      header.append(parents.stream().map(Type::getTypeName).collect(joining(", ", " : ", "")));
    }
    return readable(header.toString())
        .replaceAll(type.isInterface() || type.isRecord() ? "\\b(static|abstract|final) " : "-", "")
        .replaceFirst("\\b" + readable(type.getName()) + "\\b", type.getCanonicalName());
  }

  private static Stream<String> members(Class<?> type) {
    return Stream.of(
            Arrays.stream(type.getDeclaredFields()).map(PublicApiTest::described),
            Arrays.stream(type.getDeclaredConstructors())
                .filter(made -> !type.isRecord())
                .map(PublicApiTest::described),
            Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !isImplied(method))
                .map(PublicApiTest::described))
        .flatMap(described -> described.filter(line -> !line.isEmpty()).sorted());
  }

  private static boolean isImplied(Method method) {
    var type = method.getDeclaringClass();
    return OF_EVERY_OBJECT.contains(method.getName())
        || (type.isEnum() && OF_EVERY_ENUM.contains(method.getName()))
        || (type.isRecord()
            && Arrays.stream(type.getRecordComponents())
                .anyMatch(component -> component.getAccessor().equals(method)));
  }

  /// Such as `static Fan threads(int)`, or nothing when users cannot see it.
  private static String described(Member member) {
    if (member.isSynthetic() || !isVisible(member.getModifiers())) {
      return "";
    }
    var whole =
        switch (member) {
          case Field field -> field.toGenericString();
          case Method method -> method.toGenericString();
          case Constructor<?> constructor -> constructor.toGenericString();
          default -> throw new AssertionError(member);
        };
    var owner = member.getDeclaringClass().getTypeName() + ".";
    return readable(whole.replace(owner + member.getName(), member.getName()))
        .replaceFirst(
            member.getDeclaringClass().isInterface() ? "^(abstract|static final) " : "^-", "");
  }

  private static String readable(String declaration) {
    return declaration
        .replaceAll("\\b([a-z]\\w*\\.)+(?=[A-Z])", "")
        .replace('$', '.')
        .replaceAll(",(?! )", ", ")
        .replaceFirst("^public ", "");
  }

  private static String difference(List<String> listed, List<String> actual) {
    var before = withTheirTypes(listed);
    var now = withTheirTypes(actual);
    return Stream.concat(
            before.stream().filter(line -> !now.contains(line)).map(line -> "- " + line),
            now.stream().filter(line -> !before.contains(line)).map(line -> "+ " + line))
        .sorted(Comparator.comparing(line -> line.substring(2)))
        .collect(joining("\n"));
  }

  /// Types as they are; members as `io.fanwise.Fan: static Fan threads(int)`.
  private static List<String> withTheirTypes(List<String> lines) {
    var whole = new ArrayList<String>();
    var type = "";
    for (var line : lines) {
      if (line.startsWith("  ")) {
        whole.add(type + ":" + line.substring(1));
      } else if (!line.isEmpty()) {
        type = line.replaceAll("^.*?(io\\.fanwise[\\w.]*).*$", "$1");
        whole.add(line);
      }
    }
    return whole;
  }
}
