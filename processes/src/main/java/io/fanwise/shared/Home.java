package io.fanwise.shared;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The shared objects of this JVM that others have heard of, for as long as somebody here holds
/// them.
///
/// Safe for use by many threads.
final class Home {
  static final Home HERE = new Home();

  private final long name = mixed(ProcessHandle.current().pid(), System.nanoTime());
  private final Map<Long, Entry> residents = new ConcurrentHashMap<>();
  private final ReferenceQueue<Resident> dropped = new ReferenceQueue<>();

  /// What others call it from now on.
  Reference reference(Resident resident) {
    sweep();
    residents.computeIfAbsent(resident.id(), _ -> new Entry(resident, dropped));
    return new Reference(name, resident.kind(), resident.id());
  }

  boolean is(long home) {
    return home == name;
  }

  @Nullable Resident find(long id) {
    Entry entry = residents.get(id);
    return entry == null ? null : entry.get();
  }

  /// Whatever this worker held here is let go.
  void lost(Peer peer) {
    for (Entry entry : residents.values()) {
      Resident resident = entry.get();
      if (resident != null) {
        resident.lost(peer);
      }
    }
  }

  /// How many objects others may ask for.
  int size() {
    sweep();
    return residents.size();
  }

  private void sweep() {
    while (dropped.poll() instanceof Entry gone) {
      residents.remove(gone.id);
    }
  }

  // the golden ratio of 2^64, as in SplittableRandom, takes neighbouring pids far apart
  private static long mixed(long pid, long time) {
    return (pid * 0x9e3779b97f4a7c15L) ^ time;
  }

  private static final class Entry extends WeakReference<Resident> {
    final long id;

    Entry(Resident resident, ReferenceQueue<Resident> dropped) {
      super(resident, dropped);
      id = resident.id();
    }
  }
}
