package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessesTest {
  @Test
  void aLambdaRunsInOtherJvms() {
    Fan fan = Fan.on(Processes.of(2));

    List<Long> pids = fan.batch(1).map(Range.of(0, 20), i -> ProcessHandle.current().pid());

    assertThat(pids).doesNotContain(ProcessHandle.current().pid());
    assertThat(pids).hasSize(20);
    assertThat(fan.map(List.of("a", "b"), s -> s + pids.size())).containsExactly("a20", "b20");
  }
}
