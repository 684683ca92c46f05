package io.fanwise.processes;

import io.fanwise.Fan;
import java.util.List;

/// A program that has a worker JVM for a moment, says how that was started, and ends.
final class SoonOver {
  private SoonOver() {}

  public static void main(String[] args) {
    String how = Fan.on(Processes.of(1)).map(List.of(1), _ -> AotProgram.howStarted()).getFirst();
    System.out.println("worker=" + how);
  }
}
