package io.fanwise.processes;

import io.fanwise.Fan;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.List;

/// A program that tells how its worker JVMs are started: before there is an AOT cache, with one,
/// and with a file in its place that is none.
final class AotProgram {
  private AotProgram() {}

  public static void main(String[] args) throws Exception {
    AotCache cache = AotCache.of(WorkerJar.path(), "", Inherited.options()).orElseThrow();
    tell("before", start("1"));
    AotMaker.make(cache);
    tell("made", Boolean.toString(Files.exists(cache.file())));
    tell("after", start("2"));
    Files.write(cache.file(), new byte[100_000]);
    tell("with junk", start("3"));
    tell("after junk", start("4"));
  }

  /// A worker of its own for each.
  private static String start(String which) {
    Fan fan = Fan.on(Processes.of(1).environment("WHICH", which));
    return fan.map(List.of(1), _ -> howStarted()).getFirst();
  }

  /// How this JVM was started.
  static String howStarted() {
    boolean cached =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .anyMatch(option -> option.startsWith("-XX:AOTCache="));
    boolean sharing = System.getProperty("java.vm.info").contains("sharing");
    return (cached ? "cached " : "plain ") + (sharing ? "sharing" : "unshared");
  }

  private static void tell(String name, String value) {
    System.out.println(name + "=" + value);
  }
}
