package io.fanwise.processes;

public final class Processes {
  private Processes() {}
}
