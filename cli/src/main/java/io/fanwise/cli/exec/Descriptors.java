package io.fanwise.cli.exec;

import java.util.ArrayList;
import java.util.List;

/// Descriptors that are meant for a child: this process closes its own copies. Confined to one
/// thread.
final class Descriptors implements AutoCloseable {
  private final List<Integer> all = new ArrayList<>(3);

  int add(int descriptor) {
    all.add(descriptor);
    return descriptor;
  }

  @Override
  public void close() {
    all.forEach(Libc::close);
  }
}
