package io.fanwise.processes.worker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The class files that came to this worker, so that none has to come twice: a notebook, or a
/// server that reloads, makes one class loader after the other of mostly the same classes.
///
/// Safe for use by many threads: guarded by `this`.
final class KnownCode {

  private final int limit;
  private final Map<String, List<Code>> byName = new LinkedHashMap<>(16, 0.75f, true);
  private int size;

  /// Keeps nothing yet.
  ///
  /// @param limit how many bytes are kept; what was not wanted for longest goes first
  KnownCode(int limit) {
    this.limit = limit;
  }

  synchronized List<String> hashes(String name) {
    List<String> hashes = new ArrayList<>();
    for (Code code : byName.getOrDefault(name, List.of())) {
      hashes.add(code.hash());
    }
    return hashes;
  }

  /// The class file of that content; null if it had to go.
  synchronized byte @Nullable [] bytes(String name, String hash) {
    for (Code code : byName.getOrDefault(name, List.of())) {
      if (code.hash().equals(hash)) {
        return code.bytes;
      }
    }
    return null;
  }

  synchronized void keep(String name, byte[] bytes) {
    List<Code> codes = byName.get(name);
    if (codes == null) {
      codes = new ArrayList<>();
      byName.put(name, codes);
    }
    codes.add(new Code(bytes));
    size += bytes.length;
    var eldest = byName.values().iterator();
    while (size > limit && eldest.hasNext()) {
      for (Code code : eldest.next()) {
        size -= code.bytes.length;
      }
      eldest.remove();
    }
  }

  private static final class Code {

    final byte[] bytes;
    private @Nullable String hash;

    Code(byte[] bytes) {
      this.bytes = bytes;
    }

    /// Reckoned only when a class of that name is wanted again, which for most never happens.
    String hash() {
      String known = hash;
      if (known == null) {
        known = ContentHash.of(bytes);
        hash = known;
      }
      return known;
    }
  }
}
