package io.fanwise.processes.worker;

final class Main {
  private Main() {}
}
