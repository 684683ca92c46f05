package io.fanwise.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A program in a JVM of its own, which has workers of its own. It is killed at the end.
record OtherProgram(Process process, BufferedReader output) implements AutoCloseable {

  /// @param temp its directory for temporary files
  /// @param options of its JVM
  static OtherProgram start(Path temp, Class<?> main, List<String> options, String... args)
      throws IOException {
    return started(List.of(), temp, main, options, args);
  }

  /// In a world of its own as far as file systems are concerned; only root can do that.
  ///
  /// @param mounts what to do before it starts, for the shell
  static OtherProgram startAfter(String mounts, Path temp, Class<?> main, String... args)
      throws IOException {
    List<String> before = List.of("unshare", "-m", "sh", "-c", mounts + " && exec \"$@\"", "sh");
    return started(before, temp, main, List.of(), args);
  }

  /// With less of something than usual.
  ///
  /// @param limit for the shell's `ulimit`
  static OtherProgram startLimited(
      String limit, Path temp, Class<?> main, List<String> options, String... args)
      throws IOException {
    List<String> before = List.of("sh", "-c", "ulimit " + limit + " && exec \"$@\"", "sh");
    return started(before, temp, main, options, args);
  }

  private static OtherProgram started(
      List<String> before, Path temp, Class<?> main, List<String> options, String... args)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:-UsePerfData"); // its file stays when a JVM is killed, which is not our doing
    command.add("-Djava.io.tmpdir=" + temp);
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(Arrays.asList(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new OtherProgram(process, process.inputReader());
  }

  /// The next line that it prints.
  String says() throws IOException {
    return String.valueOf(output.readLine());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
