package io.fanwise.cli.exec;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Starts programs by [ProcessBuilder], which every system has. They print into temporary files, so
/// nobody has to read while they run. There are no process groups: a tree is what
/// [ProcessHandle#descendants] finds. A code from 129 to 192 is taken for the signal it stands for
/// in a shell, as the JDK does not tell them apart. Safe for use by many threads.
final class PortableSpawner implements Spawner {
  private static final Pattern ERROR = Pattern.compile("\\berror(?:=|: )(\\d+)");

  private final Duration grace;
  private final Children children = new Children();

  PortableSpawner(Duration grace) {
    this.grace = grace;
  }

  @Override
  public Finished run(Command command) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(command.program() + " was not started: interrupted");
    }
    children.refuseIfClosed();
    try (Scratch stdin = new Scratch();
        Scratch stdout = new Scratch();
        Scratch stderr = new Scratch()) {
      stdin.write(command.stdin());
      ProcessBuilder builder =
          builder(command).redirectOutput(stdout.file()).redirectError(stderr.file());
      builder.redirectInput(command.stdin().isEmpty() ? Redirect.DISCARD.file() : stdin.file());

      long started = System.nanoTime();
      Exit exit = runToItsEnd(new PortableChild(start(builder, command)));
      Duration duration = Duration.ofNanos(System.nanoTime() - started);

      return new Finished(
          exit,
          stdout.read(Collected.head(command.keep().stdout())),
          stderr.read(Collected.tail(command.keep().stderr())),
          duration);
    }
  }

  @Override
  public int running() {
    return children.count();
  }

  @Override
  public void close() {
    children.close(grace);
  }

  private Exit runToItsEnd(PortableChild child) throws InterruptedException {
    try {
      children.add(child);
      return child.await();
    } finally {
      if (!child.gone()) {
        child.end(grace);
      }
      children.remove(child);
    }
  }

  private static ProcessBuilder builder(Command command) {
    ProcessBuilder builder = new ProcessBuilder(command.words());
    builder.environment().putAll(command.environment());
    if (!command.directory().toString().isEmpty()) {
      builder.directory(command.directory().toFile());
    }
    return builder;
  }

  private static Process start(ProcessBuilder builder, Command command) {
    try {
      return builder.start();
    } catch (IOException e) {
      Matcher error = ERROR.matcher(String.valueOf(e.getMessage()));
      throw error.find()
          ? NotStarted.of(command, Integer.parseInt(error.group(1)))
          : NotStarted.of(command, String.valueOf(e.getMessage()));
    }
  }
}
