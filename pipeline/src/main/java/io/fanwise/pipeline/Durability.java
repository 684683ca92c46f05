package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What a commit survives.
public enum Durability {
  /// The end of the process, however it ends: what was written is with the operating system.
  PROCESS {
    @Override
    void force(FileChannel file) {}

    @Override
    void forceFolder(Path file) {}
  },
  /// The end of the machine too: what was written is on the disk (`fsync`).
  DISK {
    @Override
    void force(FileChannel file) throws IOException {
      file.force(false);
    }

    @Override
    void forceFolder(Path file) throws IOException {
      Path folder = file.toAbsolutePath().getParent();
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  };

  /// Makes what was written to a file as safe as is asked.
  abstract void force(FileChannel file) throws IOException;

  /// Makes a file's new name as safe as is asked.
  abstract void forceFolder(Path file) throws IOException;
}
