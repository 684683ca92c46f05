package io.fanwise.cli.exec;

import java.time.Duration;

/// A child as the JDK sees it. Safe for use by many threads.
final class PortableChild implements Child {
  private final Process process;
  private volatile Descendants descendants = Descendants.NONE;

  PortableChild(Process process) {
    this.process = process;
  }

  /// Waits for the program to end.
  Exit await() throws InterruptedException {
    int status = process.waitFor();
    return status > 128 && status <= 192 ? new Exit.Signal(status - 128) : new Exit.Code(status);
  }

  /// Ends the tree, with this much time to end by itself. An interrupt does not shorten it.
  void end(Duration grace) {
    terminate();
    Children.waitUntil(this::gone, grace);
    kill();
    Children.waitUntil(this::gone, Children.LAST);
  }

  @Override
  public void terminate() {
    descendants = Descendants.of(process.pid()).and(process.descendants());
    process.destroy();
    descendants.terminate(_ -> true);
  }

  @Override
  public void kill() {
    descendants = descendants.andThoseOf(process.pid()).and(process.descendants());
    process.destroyForcibly();
    descendants.kill();
  }

  @Override
  public boolean gone() {
    return !process.isAlive() && descendants.gone();
  }
}
