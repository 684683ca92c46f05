package io.fanwise.pipeline;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/// A server that runs in a temporary folder as a user without rights, and ends with this JVM: also
/// when that is killed, since the shell around the server reads from a pipe that closes then.
///
/// Guarded by itself.
final class ServerProgram {
  private static final String NOBODY = "nobody";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// The server's number is told first, so that it can be killed.
  private static final String GUARDED =
      "signal=$1; shift; \"$@\" < /dev/null & echo $!; cat > /dev/null; kill -$signal $! 2> /dev/null; wait";

  private final Path folder;
  private final int port;
  private final String signal;
  private @Nullable Process shell;
  private @Nullable ProcessHandle server;

  private ServerProgram(Path folder, int port, String signal) {
    this.folder = folder;
    this.port = port;
    this.signal = signal;
  }

  /// A folder and a port for it.
  ///
  /// @param signal what ends it at once
  static ServerProgram in(String name, String signal) throws IOException {
    Path folder = Files.createTempDirectory("fan-" + name);
    if (root()) {
      Files.setOwner(
          folder,
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServerProgram program = new ServerProgram(folder, free.getLocalPort(), signal);
      Runtime.getRuntime().addShutdownHook(new Thread(program::end, "fan-server-end"));
      return program;
    }
  }

  /// Where a program is, on the path or in folders that are not on it.
  ///
  /// @param folders such folders
  static Optional<Path> find(String name, List<Path> folders) {
    Stream<Path> path = Stream.of(System.getenv("PATH").split(":")).map(Path::of);
    return Stream.concat(folders.stream(), path)
        .map(each -> each.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// The folders that a pattern names, the last by name first.
  static List<Path> folders(Path top, String below) {
    try (Stream<Path> each = Files.list(top)) {
      return each.sorted(Comparator.reverseOrder()).map(one -> one.resolve(below)).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /// Skips the test, and says why: it returns nothing.
  static Path absent(String program, String aptPackage) {
    String reason =
        "skipped: there is no %s on this machine (Debian: apt-get install %s)"
            .formatted(program, aptPackage);
    System.out.println(reason);
    return abort(reason);
  }

  Path folder() {
    return folder;
  }

  int port() {
    return port;
  }

  boolean alive() {
    return server != null && server.isAlive();
  }

  /// Runs a program that prepares the server to its end.
  void prepare(List<String> command) throws IOException {
    Path log = folder.resolve("prepare.log");
    Process process =
        new ProcessBuilder(unprivileged(command))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command.getFirst() + " failed: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException("interrupted while preparing a server", e);
    }
  }

  /// Starts it, and waits until it answers.
  ///
  /// @param ask throws as long as it does not answer
  synchronized void start(List<String> command, ThrowingRunnable ask) throws IOException {
    Path log = folder.resolve("server.log");
    List<String> guarded = new ArrayList<>(List.of("sh", "-c", GUARDED, "sh", signal));
    guarded.addAll(command);
    Process process =
        new ProcessBuilder(unprivileged(guarded))
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    shell = process;
    long pid = Long.parseLong(line(process.getInputStream()));
    server = ProcessHandle.of(pid).orElse(null);
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .failFast(() -> {
          if (!alive()) {
            throw new IOException(said(log));
          }
        })
        .ignoreExceptions()
        .untilAsserted(ask);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next > 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  private static String said(Path log) throws IOException {
    return "the server ended: " + Files.readString(log);
  }

  synchronized void kill() throws IOException {
    Process process = shell;
    if (process == null) {
      return;
    }
    process.getOutputStream().close(); // the shell's last line then
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("a server does not end: process " + process.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    shell = null;
  }

  private void end() {
    try {
      kill();
      Files.walkFileTree(folder, new Deletion());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Servers refuse to run as root, or should.
  private static List<String> unprivileged(List<String> command) {
    if (!root()) {
      return command;
    }
    List<String> dropped =
        new ArrayList<>(List.of("setpriv", "--reuid=" + NOBODY, "--regid=65534", "--clear-groups"));
    dropped.addAll(command);
    return dropped;
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  /// Deletes a folder; what a server that is ending deletes itself is no fault.
  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
      if (error instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw error;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
