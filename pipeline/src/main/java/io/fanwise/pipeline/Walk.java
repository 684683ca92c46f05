package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files below a folder that a pattern names, each folder in the order of names; in the memory
/// of the names of the folders between. Links are followed. Confined to the thread that reads.
final class Walk {

  /// A folder on the way, and what is left of it.
  private record Level(Path folder, Path real, Iterator<Path> rest) {}

  private final Path top;
  private final Glob glob;
  private final Deque<Level> levels = new ArrayDeque<>();

  Walk(Path top, Glob glob) throws IOException {
    this.top = top;
    this.glob = glob;
    enter(top);
  }

  /// The next file; null after the last.
  @Nullable Path next() throws IOException {
    while (!levels.isEmpty()) {
      Iterator<Path> rest = levels.element().rest();
      if (!rest.hasNext()) {
        levels.remove();
        continue;
      }
      Path entry = rest.next();
      if (Files.isDirectory(entry)) {
        enter(entry);
      } else if (glob.matches(top.relativize(entry))) {
        return entry;
      }
    }
    return null;
  }

  private void enter(Path folder) throws IOException {
    try {
      Path real = folder.toRealPath();
      for (Level above : levels) {
        if (above.real().equals(real)) {
          throw new IOException(
              "%s is a link to %s, in which it lies, so that the walk would have no end: remove the link"
                  .formatted(folder, above.folder()));
        }
      }
      levels.push(new Level(folder, real, sorted(folder).iterator()));
    } catch (AccessDeniedException e) {
      throw failed("No permission to read the folder " + folder, e);
    } catch (NoSuchFileException e) {
      throw failed("No such folder: " + folder, e);
    } catch (NotDirectoryException e) {
      throw failed(folder + " is a file, not a folder", e);
    }
  }

  private static List<Path> sorted(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(entries);
    return entries;
  }

  private static IOException failed(String message, IOException cause) {
    return new IOException(message, cause);
  }
}
