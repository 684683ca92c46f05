package io.fanwise.processes;

import io.fanwise.processes.worker.Question;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// The class loaders that functions come from, each by a number that workers know it by.
///
/// Number [Question#HOME] is the application class loader and those above it. A loader is not kept
/// alive, and a number is never used again.
///
/// A snippet of a notebook may be redefined in place. Its loader gets another number then, and
/// under the number before it is still what it was, until the last run that began so is over.
///
/// Safe for use by many threads: guarded by `this`, which is never held while user code runs.
final class Origins {

  private final ClassLoader application = ClassLoader.getSystemClassLoader();
  private final Set<ClassLoader> home = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<ClassLoader, Origin> current = new WeakHashMap<>();
  private final Map<Integer, Origin> byNumber = new HashMap<>();
  private final Map<ClassLoader, Map<String, byte[]>> snippets = new WeakHashMap<>();
  private final ReferenceQueue<ClassLoader> unloaded = new ReferenceQueue<>();
  private final List<Integer> gone = new ArrayList<>();
  private int last = Question.HOME;

  Origins() {
    for (ClassLoader at = application; at != null; at = at.getParent()) {
      home.add(at);
    }
  }

  /// Whether what this loader defines is on the class path of a worker that was started with the
  /// parent's, or in its JDK.
  boolean isHome(@Nullable ClassLoader loader) {
    return loader == null || home.contains(loader);
  }

  synchronized int number(@Nullable ClassLoader loader) {
    if (loader == null || isHome(loader)) {
      return Question.HOME;
    }
    Origin known = current.get(loader);
    return known != null ? known.number : renumber(loader);
  }

  private int renumber(ClassLoader loader) {
    Origin origin = new Origin(++last, loader, unloaded);
    current.put(loader, origin);
    byNumber.put(origin.number, origin);
    return origin.number;
  }

  /// The number of a loader, for something that is sent: it stays good until that is [#over].
  synchronized int use(@Nullable ClassLoader loader) {
    int number = number(loader);
    Origin origin = byNumber.get(number);
    if (origin != null) {
      origin.users++;
    }
    return number;
  }

  /// What was sent under a number is not needed any more.
  synchronized void over(int number) {
    Origin origin = byNumber.get(number);
    if (origin != null && --origin.users == 0) {
      retire(origin);
    }
  }

  /// Forgets what was redefined since, if nobody needs it.
  private void retire(Origin origin) {
    if (origin.before != null) {
      origin.before = null;
      gone.add(origin.number);
    }
  }

  /// The loader of that number; null if it was unloaded, or never was.
  synchronized @Nullable ClassLoader loader(int number) {
    if (number == Question.HOME) {
      return application;
    }
    Origin origin = byNumber.get(number);
    return origin == null ? null : origin.get();
  }

  /// Notes the content of a class that may be redefined in place, as snippets are. When it is not
  /// what it was, its loader gets another number, so that workers load the class anew.
  synchronized void content(Class<?> type, byte[] bytes) {
    ClassLoader loader = type.getClassLoader();
    Map<String, byte[]> noted = snippets.computeIfAbsent(loader, _ -> new HashMap<>());
    byte[] known = noted.get(type.getName());
    Origin origin = current.get(loader);
    if (known != null && !Arrays.equals(known, bytes) && origin != null) {
      origin.before = Map.copyOf(noted);
      renumber(loader);
      if (origin.users == 0) {
        retire(origin);
      }
    }
    noted.put(type.getName(), bytes);
  }

  /// What a snippet was when its loader got a number, whatever it has been redefined to since; null
  /// if that has not been noted.
  synchronized byte @Nullable [] noted(int number, String className) {
    Origin origin = byNumber.get(number);
    ClassLoader loader = origin == null ? null : origin.get();
    if (origin == null || loader == null) {
      return null;
    }
    Map<String, byte[]> noted = origin.before == null ? snippets.get(loader) : origin.before;
    return noted == null ? null : noted.get(className);
  }

  /// The numbers that are of no more use since this was last asked, so that workers may forget
  /// them.
  synchronized List<Integer> gone() {
    for (Reference<?> ref = unloaded.poll(); ref != null; ref = unloaded.poll()) {
      int number = ((Origin) ref).number;
      byNumber.remove(number);
      gone.add(number);
    }
    List<Integer> told = gone.stream().distinct().toList();
    gone.clear();
    return told;
  }

  private static final class Origin extends WeakReference<ClassLoader> {

    final int number;

    /// How much of what was sent under this number is still in use.
    int users;

    /// What the classes of this number were, if some have been redefined.
    @Nullable Map<String, byte[]> before;

    Origin(int number, ClassLoader loader, ReferenceQueue<ClassLoader> unloaded) {
      super(loader, unloaded);
      this.number = number;
    }
  }
}
