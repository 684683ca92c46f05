package io.fanwise.cli.exec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What runs below a process, as it was when somebody looked: once a process has ended, nobody can
/// tell whose its children were. Immutable.
record Descendants(List<ProcessHandle> processes) {
  static final Descendants NONE = new Descendants(List.of());

  // most Linux kernels tell a process's children; ProcessHandle reads the whole of /proc to find
  // them
  private static final boolean TOLD = Files.exists(Path.of("/proc/thread-self/children"));

  Descendants {
    processes = List.copyOf(processes);
  }

  static Descendants of(long pid) {
    return NONE.andThoseOf(pid);
  }

  /// These, and what runs below the process and below these now.
  Descendants andThoseOf(long pid) {
    Set<ProcessHandle> all = new LinkedHashSet<>(processes);
    addBelow(pid, all);
    processes.stream().filter(ProcessHandle::isAlive).forEach(one -> addBelow(one.pid(), all));
    return new Descendants(List.copyOf(all));
  }

  /// These and others: what Linux tells of children is not to be relied on while they come and go.
  Descendants and(Stream<ProcessHandle> others) {
    Set<ProcessHandle> all = new LinkedHashSet<>(processes);
    others.forEach(all::add);
    return new Descendants(List.copyOf(all));
  }

  void terminate(Predicate<ProcessHandle> which) {
    processes.stream().filter(which).forEach(ProcessHandle::destroy);
  }

  void kill() {
    processes.forEach(ProcessHandle::destroyForcibly);
  }

  boolean gone() {
    return processes.stream().allMatch(Descendants::ended);
  }

  private static void addBelow(long pid, Set<ProcessHandle> all) {
    if (!TOLD) {
      ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).forEach(all::add);
      return;
    }
    for (long child : children(pid)) {
      if (ProcessHandle.of(child).filter(all::add).isPresent()) {
        addBelow(child, all);
      }
    }
  }

  private static List<Long> children(long pid) {
    List<Long> children = new ArrayList<>();
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        var ids = new StringTokenizer(told(thread));
        while (ids.hasMoreTokens()) {
          children.add(Long.valueOf(ids.nextToken()));
        }
      }
    } catch (IOException | DirectoryIteratorException ended) {
      return children; // what has ended has no more of them
    }
    return children;
  }

  private static String told(Path thread) {
    try {
      return Files.readString(thread.resolve("children"), ISO_8859_1);
    } catch (IOException ended) {
      return "";
    }
  }

  /// True also of a zombie, which stays one for ever where process 1 of a container reaps nothing.
  private static boolean ended(ProcessHandle process) {
    if (!process.isAlive()) {
      return true;
    }
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), ISO_8859_1);
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException notLinux) {
      return !process.isAlive();
    }
  }
}
