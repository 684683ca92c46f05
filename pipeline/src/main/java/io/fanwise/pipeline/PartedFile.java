package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A file that grows in parts: `answers-00001.jsonl`, `answers-00002.jsonl`, … Confined to the
/// thread that writes.
final class PartedFile implements Appended {
  private final Path file;
  private final Parts parts;
  private final Durability durability;
  private AppendedFile part;
  private int number;
  private long results;
  private long before;
  private byte[] heading = new byte[0];

  private PartedFile(
      Path file, Parts parts, Durability durability, AppendedFile part, Place place) {
    this.file = file;
    this.parts = parts;
    this.durability = durability;
    this.part = part;
    this.number = place.number;
    this.results = place.results;
    this.before = place.before;
  }

  /// A place in the parts. Immutable.
  ///
  /// @param number the number of the part, from 1
  /// @param end where in it
  /// @param results how many results are in it
  /// @param before how many bytes the parts before it have
  private record Place(int number, String end, long results, long before) {
    static Place of(String mark) {
      String[] each = mark.split(":", -1);
      return new Place(
          Integer.parseInt(each[0]), each[1], Long.parseLong(each[2]), Long.parseLong(each[3]));
    }

    @Override
    public String toString() {
      return number + ":" + end + ":" + results + ":" + before;
    }
  }

  static PartedFile open(Path file, Parts parts, Optional<String> mark, Durability durability)
      throws IOException {
    Place place = mark.map(Place::of).orElse(new Place(1, "0", 0, 0));
    for (int i = 1; i < place.number; i++) {
      if (!Files.exists(part(file, i))) {
        throw new RunRefused("%s is gone: put it back, or start over".formatted(part(file, i)));
      }
    }
    AppendedFile part =
        AppendedFile.open(part(file, place.number), Optional.of(place.end), durability);
    for (int i = place.number + 1; Files.deleteIfExists(part(file, i)); i++) {
      // it was begun after the last commit
    }
    return new PartedFile(file, parts, durability, part, place);
  }

  /// The path of a part: its number comes before the name's first dot.
  static Path part(Path file, int number) {
    return file.resolveSibling("%s-%05d%s".formatted(stem(file), number, ending(file)));
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.indexOf('.', 1);
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static String ending(Path file) {
    return file.getFileName().toString().substring(stem(file).length());
  }

  /// The parts that are there, whoever has written them, in order.
  static List<Path> there(Path file) throws IOException {
    Pattern part =
        Pattern.compile(Pattern.quote(stem(file)) + "-\\d{5,}" + Pattern.quote(ending(file)));
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(each -> file.resolveSibling(each.getFileName()))
          .filter(each -> part.matcher(each.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  @Override
  public void heading(byte[] bytes) throws IOException {
    heading = bytes;
    part.heading(bytes);
  }

  @Override
  public void write(long position, Object encoded) throws IOException {
    if (results >= parts.results() || part.bytes() >= parts.bytes()) {
      next();
    }
    part.write(position, encoded);
    results++;
  }

  private void next() throws IOException {
    part.commit();
    before += part.bytes();
    part.close();
    number++;
    results = 0;
    part = AppendedFile.open(part(file, number), Optional.empty(), durability);
    if (heading.length > 0) {
      part.heading(heading);
    }
  }

  @Override
  public String commit() throws IOException {
    return new Place(number, part.commit(), results, before).toString();
  }

  @Override
  public long bytes() {
    return before + part.bytes();
  }

  @Override
  public void close() throws IOException {
    part.close();
  }

  @Override
  public String toString() {
    return part.toString();
  }
}
