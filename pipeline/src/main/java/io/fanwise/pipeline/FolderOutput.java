package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A folder in which a file for each result appears, whole, at the next commit. Until then it waits
/// in `.fan`, where there is a list of all names too: it is written before the files get their
/// names, so what was named after the last commit can be taken back.
///
/// Confined to the thread that writes.
final class FolderOutput implements Sink.Selective {
  /// The folder's own state.
  static final String OWN = ".fan";

  private static final String WAITING = ".tmp";

  /// Eight at once took an eighth of the time here, more no less.
  private static final int FORCED_AT_ONCE = 8;

  private final Path folder;
  private final AppendedFile list;
  private final Durability durability;
  private final boolean caseMatters;
  private final ExecutorService forcing =
      Executors.newFixedThreadPool(
          FORCED_AT_ONCE, Thread.ofPlatform().daemon().name("fan-folder-", 0).factory());
  private final Map<String, Path> waiting = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();
  private long bytes;

  private FolderOutput(Path folder, AppendedFile list, Durability durability, boolean caseMatters) {
    this.folder = folder;
    this.list = list;
    this.durability = durability;
    this.caseMatters = caseMatters;
  }

  /// Opens a folder, which is made if it is not there, and takes back what was named after a mark.
  static FolderOutput open(Path folder, Optional<String> mark, Durability durability)
      throws IOException {
    Path own = folder.resolve(OWN);
    Files.createDirectories(own);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(own, "*" + WAITING)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    Path names = own.resolve("names");
    takeBack(folder, names, mark.map(Long::parseLong).orElse(0L));
    return new FolderOutput(
        folder, AppendedFile.open(names, mark, durability), durability, caseMatters(own));
  }

  private static void takeBack(Path folder, Path names, long from) throws IOException {
    if (!Files.exists(names) || Files.size(names) <= from) {
      return;
    }
    try (InputStream bytes = Files.newInputStream(names)) {
      bytes.skipNBytes(from);
      BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith("\"")) { // or it was never written to its end, and so no file named
          Files.deleteIfExists(folder.resolve(FileName.checked(Json.read(line, String.class))));
        }
      }
    }
  }

  private static boolean caseMatters(Path own) {
    return !Files.exists(own.resolve("NAMES"));
  }

  @Override
  public void admit(long position, Object encoded) {
    String name = ((Sheet) encoded).name();
    if (taken.contains(folded(name))
        || Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException(
          "%s is there already: an earlier result has the same name"
              .formatted(folder.resolve(name)));
    }
    requireFolders(name);
  }

  /// A result cannot have another's file for its folder, or the other way round.
  private void requireFolders(String name) {
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      String above = name.substring(0, slash);
      if (waiting.containsKey(above) || Files.isRegularFile(folder.resolve(above))) {
        throw new IllegalArgumentException(
            "%s is the file of an earlier result, and cannot be a folder for %s"
                .formatted(folder.resolve(above), name));
      }
    }
    if (taken.contains(folded(name) + "/")) {
      throw new IllegalArgumentException(
          "%s is a folder of earlier results".formatted(folder.resolve(name)));
    }
  }

  private String folded(String name) {
    return caseMatters ? name : name.toLowerCase(Locale.ROOT);
  }

  @Override
  public void write(long position, Object encoded) throws IOException {
    Sheet sheet = (Sheet) encoded;
    Path file = folder.resolve(OWN).resolve(position + WAITING);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer content = ByteBuffer.wrap(sheet.bytes());
      while (content.hasRemaining()) {
        channel.write(content);
      }
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(folder.resolve(sheet.name()), e.getMessage()), e);
    }
    String name = sheet.name();
    list.write(position, (Json.text(name) + "\n").getBytes(UTF_8));
    waiting.put(name, file);
    taken.add(folded(name));
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      taken.add(folded(name.substring(0, slash + 1)));
    }
    bytes += sheet.bytes().length;
  }

  @Override
  public String commit() throws IOException {
    force();
    String mark = list.commit();
    Set<Path> folders = new HashSet<>();
    for (Map.Entry<String, Path> each : waiting.entrySet()) {
      Path file = folder.resolve(each.getKey());
      makeFolderOf(file, folders);
      Files.move(each.getValue(), file, StandardCopyOption.ATOMIC_MOVE);
    }
    for (Path each : folders) {
      durability.forceFolder(each.resolve(OWN));
    }
    waiting.clear();
    taken.clear();
    return mark;
  }

  /// Makes what waits as safe as is asked: many files at once, as disks do that together.
  private void force() throws IOException {
    if (durability == Durability.PROCESS) {
      return;
    }
    List<Future<?>> forced = new ArrayList<>();
    for (Path file : waiting.values()) {
      forced.add(
          forcing.submit(() -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
              durability.force(channel);
            }
            return file;
          }));
    }
    try {
      for (Future<?> each : forced) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("files in %s cannot be made safe".formatted(folder), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          "interrupted while files in %s were made safe".formatted(folder));
    }
  }

  /// Makes the folder of a file below this one, and those above it; notes all whose entries change.
  private void makeFolderOf(Path file, Set<Path> changed) throws IOException {
    Path above = file.getParent();
    if (above != null && changed.add(above) && !Files.isDirectory(above)) {
      makeFolderOf(above, changed);
      Files.createDirectory(above);
    }
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    forcing.close();
    list.close();
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
