package io.fanwise.processes.worker;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// `System.out` or `System.err` as tasks see it. It belongs to all of them: whoever closes it has
/// only said that it is through. Safe for use by many threads.
final class Printing extends PrintStream {
  Printing(Lines lines) {
    super(lines, false, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    flush();
  }
}
