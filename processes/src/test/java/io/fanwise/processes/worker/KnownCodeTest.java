package io.fanwise.processes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What came once is kept within a limit.
class KnownCodeTest {

  @Test
  void whatWasNotWantedForLongestGoesFirst() {
    var known = new KnownCode(25);
    known.keep("A", new byte[10]);
    known.keep("B", new byte[10]);
    String hash = known.hashes("A").getFirst();

    known.keep("C", new byte[10]);

    assertThat(known.hashes("B")).isEmpty();
    assertThat(known.bytes("A", hash)).hasSize(10);
    assertThat(known.hashes("C")).hasSize(1);
  }

  @Test
  void differentContentsOfOneNameAreKeptApart() {
    var known = new KnownCode(100);
    known.keep("A", new byte[] {1});
    known.keep("A", new byte[] {2});

    assertThat(known.hashes("A")).hasSize(2);
    assertThat(known.bytes("A", ContentHash.of(new byte[] {2}))).containsExactly(2);
    assertThat(known.bytes("A", "unheard of")).isNull();
  }
}
