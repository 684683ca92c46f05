package io.fanwise.processes.worker;

import static java.util.Collections.enumeration;

import java.io.IOException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One class loader of the parent, mirrored in a worker JVM: it asks the parent how that loader
/// sees a class, and defines it, or passes on to the mirror of the loader that does.
///
/// The mirror of the application class loader looks into the worker's own class path first. The
/// parent's may hold more than that, in a fat jar for instance.
///
/// Safe for use by many threads; parallel capable, so that two classes may come at the same time.
final class ShippedLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  /// What is in the jar that workers are started with: there is one of each in a JVM, whatever
  /// class path the parent has.
  private static final List<String> SHARED =
      List.of(
          "io.fanwise.work.",
          "io.fanwise.codec.",
          "io.fanwise.shared.",
          "io.fanwise.processes.worker.");

  private final int number;
  private final ClassLoader own;
  private final ClassSource source;
  private final KnownCode known;
  private final ShippedClasses others;
  private final Map<String, Integer> elsewhere = new ConcurrentHashMap<>();
  private final Map<String, String> missing = new ConcurrentHashMap<>();
  private @Nullable ProtectionDomain domain;

  ShippedLoader(
      int number, ClassLoader own, ClassSource source, KnownCode known, ShippedClasses others) {
    super(own);
    this.number = number;
    this.own = own;
    this.source = source;
    this.known = known;
    this.others = others;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    Class<?> found = ownFirst(name) ? inOwn(name) : null;
    if (found == null) {
      synchronized (getClassLoadingLock(name)) {
        found = findLoadedClass(name);
        if (found == null) {
          found = fromParent(name);
        }
      }
    }
    if (resolve) {
      resolveClass(found);
    }
    return found;
  }

  private boolean ownFirst(String name) {
    return number == Question.HOME
        || name.startsWith("java.")
        || (name.startsWith("io.fanwise.") && isShared(name));
  }

  private static boolean isShared(String name) {
    for (String prefix : SHARED) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Class<?> inOwn(String name) throws ClassNotFoundException {
    try {
      return own.loadClass(name);
    } catch (ClassNotFoundException e) {
      if (name.startsWith("java.")) {
        throw e;
      }
      return null;
    }
  }

  private Class<?> fromParent(String name) throws ClassNotFoundException {
    Integer other = elsewhere.get(name);
    if (other != null) {
      return others.loader(other).loadClass(name);
    }
    String why = missing.get(name);
    if (why != null) {
      throw new ClassNotFoundException(why);
    }
    Answer answer = ask(Question.Wanted.CLASS, name, known.hashes(name));
    // No switch: its first use on types costs a JVM milliseconds of its start.
    if (answer instanceof Answer.Code(byte[] bytes)) {
      known.keep(name, bytes);
      return define(name, bytes);
    }
    if (answer instanceof Answer.Known(String hash)) {
      return define(name, knownBytes(name, hash));
    }
    if (answer instanceof Answer.Elsewhere(int loader) && loader != number) {
      elsewhere.put(name, loader);
      return others.loader(loader).loadClass(name);
    }
    String reason =
        answer instanceof Answer.Missing(String said)
            ? said
            : name.concat(": the parent answers what was not asked");
    missing.put(name, reason);
    throw new ClassNotFoundException(reason);
  }

  private byte[] knownBytes(String name, String hash) throws ClassNotFoundException {
    byte[] bytes = known.bytes(name, hash);
    if (bytes != null) {
      return bytes;
    }
    if (ask(Question.Wanted.CLASS, name, List.of()) instanceof Answer.Code(byte[] sent)) {
      return sent;
    }
    throw new ClassNotFoundException(name + ": the parent has it no more");
  }

  private Class<?> define(String name, byte[] bytes) {
    return defineClass(name, bytes, 0, bytes.length, domain());
  }

  /// One for all classes of a loader, made when there is a first.
  private synchronized ProtectionDomain domain() {
    ProtectionDomain made = domain;
    if (made == null) {
      URL place = ShippedResource.place(number);
      var origin = new CodeSource(place, (Certificate[]) null);
      made = new ProtectionDomain(origin, null, this, null);
      domain = made;
    }
    return made;
  }

  private Answer ask(Question.Wanted wanted, String name, List<String> hashes)
      throws ClassNotFoundException {
    try {
      return source.ask(new Question(number, wanted, name, hashes));
    } catch (IOException e) {
      throw new ClassNotFoundException(name + ": the parent cannot be asked: " + e, e);
    }
  }

  void askAgainFor(String name) {
    missing.remove(name);
  }

  @Override
  public @Nullable URL getResource(String name) {
    URL inOwn = number == Question.HOME ? own.getResource(name) : null;
    if (inOwn != null) {
      return inOwn;
    }
    Answer answer = resources(Question.Wanted.RESOURCE, name);
    if (answer instanceof Answer.Contents(List<byte[]> all) && !all.isEmpty()) {
      return ShippedResource.url(number, name, all.getFirst());
    }
    return answer instanceof Answer.Elsewhere(int loader) && loader != number
        ? others.loader(loader).getResource(name)
        : null;
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> found = new ArrayList<>(Collections.list(own.getResources(name)));
    if (number == Question.HOME && !found.isEmpty()) {
      return enumeration(found);
    }
    if (resources(Question.Wanted.RESOURCES, name) instanceof Answer.Contents(var all)) {
      all.forEach(content -> found.add(ShippedResource.url(number, name, content)));
    }
    return enumeration(found);
  }

  private Answer resources(Question.Wanted wanted, String name) {
    try {
      return ask(wanted, name, List.of());
    } catch (ClassNotFoundException e) {
      return new Answer.Missing(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String toString() {
    return "class loader " + number + " of the parent JVM";
  }
}
