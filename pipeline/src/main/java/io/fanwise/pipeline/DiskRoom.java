package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// Whether the disks that a run writes to have room for more. Confined to the caller's thread.
final class DiskRoom {
  /// Unless told otherwise, a run leaves so much free, or a hundredth of the disk if that is less.
  private static final long LEFT_FREE = 256L << 20;

  private static final int SHARE = 100;
  private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(250);

  private final List<Disk> disks;
  private Optional<String> shortage = Optional.empty();
  private long next = System.nanoTime();

  private DiskRoom(List<Disk> disks) {
    this.disks = disks;
  }

  /// A disk.
  ///
  /// @param place a folder that is on it
  /// @param store what knows how much is free
  /// @param bound how much of it is to be left free
  private record Disk(Path place, FileStore store, long bound) {}

  /// The disks of some files.
  ///
  /// @param leave how much to leave free on each; empty for what is usual
  static DiskRoom of(List<Path> files, OptionalLong leave) throws IOException {
    List<Disk> disks = new ArrayList<>();
    for (Path file : files) {
      Path folder = folder(file);
      FileStore store = Files.getFileStore(folder);
      if (disks.stream().noneMatch(disk -> disk.store.equals(store))) {
        disks.add(
            new Disk(
                folder, store, leave.orElse(Math.min(LEFT_FREE, store.getTotalSpace() / SHARE))));
      }
    }
    return new DiskRoom(disks);
  }

  /// The folder that a file is to be in, as far as it is there.
  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().normalize();
    for (Path above = folder; above != null; above = above.getParent()) {
      if (Files.isDirectory(above)) {
        return above;
      }
    }
    return folder;
  }

  /// Where there is less than is to be left free, in words; empty if nowhere.
  Optional<String> shortage(long now) {
    if (now - next >= 0) {
      next = now + BETWEEN_LOOKS;
      shortage = disks.stream().flatMap(disk -> look(disk).stream()).findFirst();
    }
    return shortage;
  }

  private static Optional<String> look(Disk disk) {
    try {
      long free = disk.store.getUsableSpace();
      return free < disk.bound
          ? Optional.of("%s free in %s".formatted(size(free), disk.place))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // whoever writes there will say so
    }
  }

  private static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%,d kB", bytes / 1_000)
        : String.format(Locale.ROOT, "%,d MB", bytes / 1_000_000);
  }
}
