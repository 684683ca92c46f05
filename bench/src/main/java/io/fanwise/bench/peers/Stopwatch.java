package io.fanwise.bench.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/// Times repetitions, by the clock and by what all processors together spent on this process: the
/// second number says how much work there was, also on a machine that is busy with other things.
/// Confined to one thread.
final class Stopwatch {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> cpuSeconds = new ArrayList<>();
  private long begun;
  private long cpuBegun;

  void start() {
    cpuBegun = SYSTEM.getProcessCpuTime();
    begun = System.nanoTime();
  }

  void stop(boolean counts) {
    long nanos = System.nanoTime() - begun;
    long cpuNanos = SYSTEM.getProcessCpuTime() - cpuBegun;
    if (counts) {
      seconds.add(nanos / 1e9);
      cpuSeconds.add(cpuNanos / 1e9);
    }
  }

  List<Double> seconds() {
    return seconds;
  }

  List<Double> cpuSeconds() {
    return cpuSeconds;
  }
}
