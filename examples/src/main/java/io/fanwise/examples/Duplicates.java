package io.fanwise.examples;

import io.fanwise.Fan;
import io.fanwise.work.Outcome.Done;
import io.fanwise.work.Outcome.Failed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Files below a folder that have the same content: `java … io.fanwise.examples.Duplicates FOLDER`.
///
/// The walk is a lazy stream, so a folder of millions of files is no problem; files that cannot be
/// read are told, and the rest goes on.
public final class Duplicates {
  private Duplicates() {}

  /// What was found.
  ///
  /// @param groups files with the same content, largest group first
  /// @param unreadable files that could not be read, with the reason
  public record Report(List<List<Path>> groups, Map<Path, Throwable> unreadable) {}

  public static Report find(Path folder) throws IOException {
    Map<String, List<Path>> byContent = new HashMap<>();
    Map<Path, Throwable> unreadable = new HashMap<>();
    try (Stream<Path> files = Files.walk(folder);
        var outcomes =
            Fan.threads().outcomes(files.filter(Files::isRegularFile), Duplicates::digest)) {
      outcomes.forEach(outcome -> {
        switch (outcome) {
          case Done(var file, var digest, _) ->
              byContent.computeIfAbsent(digest, d -> new ArrayList<>()).add(file);
          case Failed(var file, var error, _) -> unreadable.put(file, error);
        }
      });
    }
    List<List<Path>> groups =
        byContent.values().stream()
            .filter(same -> same.size() > 1)
            .sorted(Comparator.<List<Path>>comparingInt(List::size).reversed())
            .toList();
    return new Report(groups, unreadable);
  }

  private static String digest(Path file) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] chunk = new byte[1 << 16];
      while (in.read(chunk) >= 0) {
        // reading is what feeds the digest
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  public static void main(String[] arguments) throws IOException {
    Report report = find(Path.of(arguments.length == 0 ? "." : arguments[0]));
    for (List<Path> same : report.groups()) {
      System.out.println(same.size() + " × " + same.getFirst());
    }
    report.unreadable().forEach((file, error) -> System.err.println(file + ": " + error));
  }
}
