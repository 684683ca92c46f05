package io.fanwise.processes;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line of a worker JVM: what this JVM was started with, as far as it concerns the
/// user's code, and what makes a good worker.
final class Command {
  private static final String MAIN = "io.fanwise.processes.worker.Main";

  private Command() {}

  static List<String> of(
      Processes.Description is, Session session, int number, Role role, Path page)
      throws IOException {
    String name = role.name(number);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:ActiveProcessorCount=" + is.processors());
    command.add(is.launch().heap().isEmpty() ? share(is.jobs()) : "-Xmx" + is.launch().heap());
    command.add("-XX:-UsePerfData"); // its file would stay behind when the worker is killed
    command.add("-XX:ErrorFile=" + session.directory().resolve("hs_err_%p.log"));
    command.add("-Xlog:disable");
    command.add("-Xlog:all=warning:stderr");
    command.addAll(Inherited.options());
    command.addAll(is.launch().options());
    if (role.kind() == Role.Kind.WORKER) {
      command.add("-Dfanwise.worker=" + name);
    }
    modules(command);
    command.add("-cp");
    command.add(WorkerJar.path() + File.pathSeparator + System.getProperty("java.class.path"));
    command.add(MAIN);
    command.add(session.socket().toString());
    command.add(Integer.toString(number));
    command.add(name);
    command.add(page.toString());
    command.add(Long.toString(ProcessHandle.current().pid()));
    return command;
  }

  /// Where the application is made of modules, so is what its workers run.
  private static void modules(List<String> command) {
    String path = System.getProperty("jdk.module.path");
    String main = System.getProperty("jdk.module.main");
    if (path != null) {
      command.add("--module-path");
      command.add(path);
    }
    if (path != null || main != null) {
      command.add("--add-modules");
      command.add(main != null ? main : "ALL-MODULE-PATH");
    }
  }

  /// Three quarters of the memory for all of them, and no more than the JVM would take anyway.
  private static String share(int jobs) {
    return "-XX:MaxRAMPercentage=" + Math.min(25.0, 75.0 / jobs);
  }
}
