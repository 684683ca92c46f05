package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Json;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The file with what failed, a line of JSON for each, the latest last. Confined to the thread that
/// writes.
final class Letters implements Sink.Output {
  /// Says in a mark that the file is to be replaced by the shorter one beside it.
  private static final String REPLACED = " replaced";

  private final Path file;
  private final Durability durability;
  private AppendedFile letters;
  private String state = "";

  private Letters(Path file, Durability durability, AppendedFile letters) {
    this.file = file;
    this.durability = durability;
    this.letters = letters;
  }

  static Letters open(Path file, Optional<String> mark, Durability durability) throws IOException {
    String words = mark.orElse("0");
    if (words.endsWith(REPLACED)) {
      replace(file, durability);
    }
    Optional<String> length = Optional.of(words.replace(REPLACED, ""));
    return new Letters(file, durability, AppendedFile.open(file, length, durability));
  }

  @Override
  public void write(long position, Object encoded) throws IOException {
    letters.write(position, encoded);
  }

  @Override
  public String commit() throws IOException {
    return letters.commit() + state;
  }

  /// Leaves out what has a result by now, and all but the latest letter of an input. It counts from
  /// the next commit on; [#finish] gives the file its name.
  void keepOnly(PositionSet failed) throws IOException {
    letters.commit();
    Tally tally = new Tally();
    each((_, index) -> tally.add(index));
    Path fresh = beside(file);
    Files.deleteIfExists(fresh);
    AppendedFile kept = AppendedFile.open(fresh, Optional.empty(), durability);
    each((line, index) -> {
      if (tally.isLast(index) && failed.contains(index)) {
        kept.write(index, line);
      }
    });
    letters.close();
    letters = kept;
    state = REPLACED;
  }

  @Override
  public long bytes() {
    return letters.bytes();
  }

  @Override
  public void finish() throws IOException {
    if (!state.isEmpty()) {
      replace(file, durability);
    }
  }

  @Override
  public void close() throws IOException {
    letters.close();
  }

  private interface Reader {
    void letter(byte[] line, long index) throws IOException;
  }

  private void each(Reader reader) throws IOException {
    try (Source.Cursor lines = Source.lines(file).open(Bookmark.START)) {
      while (lines.advance()) {
        String text = ((Row) lines.value()).text();
        JsonNode letter = Json.read(text, JsonNode.class);
        reader.letter((text + "\n").getBytes(UTF_8), letter.get("index").asLong());
      }
    }
  }

  /// How many letters of each input are to come: a set of those that have one, another of those
  /// that have two, and so on, for there may be millions.
  private static final class Tally {
    private final List<PositionSet> levels = new ArrayList<>();

    void add(long index) {
      int level = count(index);
      if (level == levels.size()) {
        levels.add(new PositionSet());
      }
      levels.get(level).add(index, index + 1);
    }

    /// Takes one off, and says whether it was the last.
    boolean isLast(long index) {
      int level = count(index) - 1;
      levels.get(level).remove(index);
      return level == 0;
    }

    private int count(long index) {
      int level = 0;
      while (level < levels.size() && levels.get(level).contains(index)) {
        level++;
      }
      return level;
    }
  }

  /// Its name ends as the file's does, which says how it is packed.
  private static Path beside(Path file) {
    return file.resolveSibling("new-" + file.getFileName());
  }

  private static void replace(Path file, Durability durability) throws IOException {
    Path fresh = beside(file);
    if (Files.exists(fresh)) {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      durability.forceFolder(file);
    }
  }
}
