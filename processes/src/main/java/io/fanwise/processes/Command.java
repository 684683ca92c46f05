package io.fanwise.processes;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The command line of a worker JVM: what this JVM was started with, as far as it concerns the
/// user's code, and what makes a good worker. Immutable.
///
/// @param words the program and its arguments
/// @param cache what it may have loaded before it starts; empty if there is no such thing for it
record Command(List<String> words, Optional<AotCache> cache) {
  private static final String MAIN = "io.fanwise.processes.worker.Main";

  /// The code by which the JDK makes classes for lambdas is run so often, by the first few of them,
  /// that it would be compiled, which for one method takes 7 MB that are never given back,
  /// adr/0014.
  private static final String LATE =
      "-XX:CompileCommand=CompileThresholdScaling,"
          + "jdk.internal.classfile.impl.StackMapGenerator::processBlock,50.0";

  Command {
    words = List.copyOf(words);
  }

  static Command of(Processes.Description is, Session session, int number, Role role, Path page)
      throws IOException {
    String name = role.name(number);
    Path jar = WorkerJar.path();
    List<String> options = new ArrayList<>(Inherited.options());
    options.addAll(is.launch().options());
    modules(options);
    boolean stays = !jar.startsWith(session.directory());
    Optional<AotCache> cache =
        stays && !"off".equalsIgnoreCase(System.getenv("FANWISE_AOT"))
            ? AotCache.of(jar, is.launch().heap(), options)
            : Optional.empty();
    List<String> words = new ArrayList<>();
    words.add(CommandLine.java());
    if (!chooseCollector(options)) {
      words.add("-XX:+UseSerialGC");
    }
    words.add("-XX:ActiveProcessorCount=" + is.processors());
    words.add(is.launch().heap().isEmpty() ? share(is.jobs()) : "-Xmx" + is.launch().heap());
    if (AotCache.isHotSpot()) {
      words.add("-XX:+UnlockDiagnosticVMOptions");
      words.add("-XX:ArchiveRelocationMode=0"); // else nothing of the archive is shared, adr/0014
      words.add("-XX:ReplayDataFile=" + CrashLog.replay(session.directory(), "%p"));
      words.add("-XX:CompileCommand=quiet");
      words.add(LATE);
    }
    words.add("-XX:-UsePerfData"); // its file would stay behind when the worker is killed
    words.add("-XX:ErrorFile=" + CrashLog.report(session.directory(), "%p"));
    words.add("-Xlog:disable");
    words.add("-Xlog:all=warning:stderr");
    if (cache.isPresent() && cache.get().isThere()) {
      words.add(cache.get().option());
    }
    words.addAll(options);
    if (role.kind() == Role.Kind.WORKER) {
      words.add("-Dfanwise.worker=" + name);
    }
    words.add("-cp");
    words.add(jar + File.pathSeparator + System.getProperty("java.class.path"));
    words.add(MAIN);
    words.add(session.socket().toString());
    words.add(Integer.toString(number));
    words.add(name);
    words.add(page.toString());
    words.add(Long.toString(ProcessHandle.current().pid()));
    return new Command(words, cache);
  }

  /// Two of them are one too many for the JVM.
  private static boolean chooseCollector(List<String> options) {
    for (String option : options) {
      if (option.startsWith("-XX:+Use") && option.endsWith("GC")) {
        return true;
      }
    }
    return false;
  }

  /// Whether the worker is told to use its cache.
  boolean usesCache() {
    return cache.isPresent() && words.contains(cache.get().option());
  }

  /// Where the application is made of modules, so is what its workers run.
  private static void modules(List<String> options) {
    String path = System.getProperty("jdk.module.path");
    String main = System.getProperty("jdk.module.main");
    if (path != null) {
      options.add("--module-path");
      options.add(path);
    }
    if (path != null || main != null) {
      options.add("--add-modules");
      options.add(main != null ? main : "ALL-MODULE-PATH");
    }
  }

  /// Three quarters of the memory for all of them, and no more than the JVM would take anyway.
  private static String share(int jobs) {
    return "-XX:MaxRAMPercentage=" + Math.min(25.0, 75.0 / jobs);
  }
}
