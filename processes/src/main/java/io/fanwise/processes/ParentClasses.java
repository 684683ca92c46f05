package io.fanwise.processes;

import static java.util.Collections.list;

import io.fanwise.processes.worker.Answer;
import io.fanwise.processes.worker.ClassSource;
import io.fanwise.processes.worker.ContentHash;
import io.fanwise.processes.worker.Question;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// What this JVM answers to workers that lack a class or a resource.
///
/// A class is always seen from the loader that a function comes from, and sent as belonging to the
/// loader that defined it. Classes of the JDK are never sent.
///
/// Safe for use by many threads: what was met is guarded by `met`, which is never held while user
/// code runs.
final class ParentClasses implements ClassSource {

  private final Origins origins;
  private final Map<ClassLoader, Met> met = new WeakHashMap<>();

  ParentClasses(Origins origins) {
    this.origins = origins;
  }

  /// Notes a class that is sent by name together with a function from `loader`, so that it is found
  /// even if that loader cannot see it.
  ///
  /// @throws IllegalArgumentException if the loader sees another class of that name, which the
  ///   worker would take instead
  void sends(@Nullable ClassLoader loader, Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    ClassLoader definer = element.getClassLoader();
    boolean home = origins.isHome(loader);
    if (Objects.equals(definer, loader)
        || element.isPrimitive()
        || (home && origins.isHome(definer))) {
      return;
    }
    ClassLoader from = loader == null || home ? ClassLoader.getSystemClassLoader() : loader;
    if (checked(from, element)) {
      return;
    }
    Class<?> seen = seen(from, element.getName());
    if (seen != null && !seen.equals(element)) {
      throw new IllegalArgumentException(
          ("Cannot send %s of %s to another JVM: %s, which the task comes from, has another class of"
                  + " that name, from %s. Load both through the same class loader.")
              .formatted(
                  element.getName(), name(definer), name(from), name(seen.getClassLoader())));
    }
    note(from, element, seen == null);
  }

  private boolean checked(ClassLoader from, Class<?> type) {
    synchronized (met) {
      Met here = met.get(from);
      return here != null && here.checked.containsKey(type);
    }
  }

  private void note(ClassLoader from, Class<?> type, boolean unseen) {
    synchronized (met) {
      Met here = met.computeIfAbsent(from, _ -> new Met());
      here.checked.put(type, true);
      if (unseen) {
        here.add(type);
      }
    }
  }

  @Override
  public Answer ask(Question question) {
    ClassLoader loader = origins.loader(question.loader());
    if (loader == null) {
      return new Answer.Missing(
          question.name()
              + ": class loader "
              + question.loader()
              + " of the parent JVM was unloaded, or never was");
    }
    try {
      return switch (question.wanted()) {
        case CLASS -> type(loader, question);
        case RESOURCE -> resource(loader, question.name());
        case RESOURCES -> resources(loader, question.name());
      };
    } catch (IOException | RuntimeException | LinkageError e) {
      return new Answer.Missing(
          question.name() + " cannot be had from " + name(loader) + " of the parent JVM: " + e);
    }
  }

  private Answer type(ClassLoader loader, Question question) {
    String name = question.name();
    Class<?> type = seen(loader, name);
    if (type == null) {
      type = met(loader, name);
    }
    if (type == null) {
      return new Answer.Missing(
          name + ": " + name(loader) + " of the parent JVM has no such class");
    }
    ClassLoader definer = type.getClassLoader();
    boolean application = ClassLoader.getSystemClassLoader().equals(definer);
    if (origins.isHome(definer) && !application) {
      return question.loader() != Question.HOME
          ? new Answer.Elsewhere(Question.HOME)
          : new Answer.Missing(
              "%s: it belongs to the JDK (%s), which is never sent. Start the worker with this module too."
                  .formatted(name, type.getModule()));
    }
    if (!loader.equals(definer)) {
      return new Answer.Elsewhere(origins.number(definer));
    }
    byte[] noted = origins.noted(question.loader(), question.name());
    byte[] bytes = noted != null ? noted : ClassFiles.of(type);
    if (bytes == null) {
      return new Answer.Missing(
          ("%s: %s of the parent JVM does not show its bytes. Let its getResourceAsStream answer to"
                  + " \"%s.class\".")
              .formatted(name, name(loader), name.replace('.', '/')));
    }
    if (!question.known().isEmpty()) {
      String hash = ContentHash.of(bytes);
      if (question.known().contains(hash)) {
        return new Answer.Known(hash);
      }
    }
    return new Answer.Code(bytes);
  }

  private static @Nullable Class<?> seen(ClassLoader loader, String name) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException _) {
      return null;
    }
  }

  private @Nullable Class<?> met(ClassLoader loader, String name) {
    synchronized (met) {
      Met here = met.get(loader);
      return here == null ? null : here.get(name);
    }
  }

  private Answer resource(ClassLoader loader, String name) throws IOException {
    URL url = loader.getResource(name);
    ClassLoader application = ClassLoader.getSystemClassLoader();
    if (url != null && !loader.equals(application) && same(url, application.getResource(name))) {
      return new Answer.Elsewhere(Question.HOME);
    }
    try (InputStream in = url != null ? url.openStream() : loader.getResourceAsStream(name)) {
      return in == null
          ? new Answer.Missing(
              name + ": " + name(loader) + " of the parent JVM has no such resource")
          : new Answer.Contents(List.of(in.readAllBytes()));
    }
  }

  private static boolean same(URL one, @Nullable URL other) {
    return other != null && one.toString().equals(other.toString());
  }

  /// All that the worker's own class path does not have.
  private Answer resources(ClassLoader loader, String name) throws IOException {
    ClassLoader application = ClassLoader.getSystemClassLoader();
    Set<String> home = new HashSet<>();
    if (!loader.equals(application)) {
      list(application.getResources(name)).forEach(url -> home.add(url.toString()));
    }
    List<byte[]> all = new ArrayList<>();
    for (URL url : list(loader.getResources(name))) {
      if (!home.contains(url.toString())) {
        try (InputStream in = url.openStream()) {
          all.add(in.readAllBytes());
        }
      }
    }
    return new Answer.Contents(all);
  }

  private static String name(@Nullable ClassLoader loader) {
    return loader == null ? "the JDK's own class loader" : "class loader " + loader;
  }

  /// The classes that were sent together with functions of one loader.
  private static final class Met {

    /// Those that need no second look.
    final Map<Class<?>, Boolean> checked = new WeakHashMap<>();

    private final Map<String, Named> unseen = new HashMap<>();
    private final ReferenceQueue<Class<?>> unloaded = new ReferenceQueue<>();

    void add(Class<?> type) {
      for (Object named = unloaded.poll(); named != null; named = unloaded.poll()) {
        unseen.remove(((Named) named).name, named);
      }
      unseen.put(type.getName(), new Named(type, unloaded));
    }

    @Nullable Class<?> get(String name) {
      Named named = unseen.get(name);
      return named == null ? null : named.get();
    }
  }

  private static final class Named extends WeakReference<Class<?>> {

    final String name;

    Named(Class<?> type, ReferenceQueue<Class<?>> unloaded) {
      super(type, unloaded);
      this.name = type.getName();
    }
  }
}
