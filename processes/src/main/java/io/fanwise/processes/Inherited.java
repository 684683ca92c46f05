package io.fanwise.processes;

import java.util.ArrayList;
import java.util.List;

/// The options of this JVM that its workers need as well: what the user's code would miss. Not what
/// is about this JVM alone, such as its heap, its garbage collector or its debugger.
final class Inherited {
  private static final List<String> TAKEN =
      List.of(
          "-D",
          "--add-opens",
          "--add-exports",
          "--add-reads",
          "--add-modules",
          "--limit-modules",
          "--patch-module",
          "--upgrade-module-path",
          "--enable-native-access",
          "--illegal-native-access",
          "--sun-misc-unsafe-memory-access",
          "--enable-preview",
          "-ea",
          "-da",
          "-esa",
          "-dsa",
          "-enableassertions",
          "-disableassertions",
          "-enablesystemassertions",
          "-disablesystemassertions",
          "-javaagent:",
          "-Xss",
          "-XX:+EnableDynamicAgentLoading",
          "-XX:-EnableDynamicAgentLoading");

  private static final List<String> LEFT =
      List.of(
          "-Dcom.sun.management",
          "-Djdk.module.",
          "-Dfanwise.worker",
          "-Djava.class.path",
          "-Dsun.java.command");

  private Inherited() {}

  /// The options, in their order.
  static List<String> options() {
    List<String> options = new ArrayList<>();
    for (String option : CommandLine.options()) {
      if (begins(option, TAKEN) && !begins(option, LEFT)) {
        options.add(option);
      }
    }
    return List.copyOf(options);
  }

  private static boolean begins(String option, List<String> starts) {
    for (String start : starts) {
      if (option.startsWith(start)) {
        return true;
      }
    }
    return false;
  }
}
