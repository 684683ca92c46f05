import io.fanwise.Fan;
import io.fanwise.parquet.Parquet;
import io.fanwise.pipeline.Parts;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.Sink;
import io.fanwise.pipeline.Source;
import io.fanwise.pipeline.Summary;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;

/// One run from a kind of source into a kind of sink, in a JVM of its own; what it read, and what it
/// wrote.
final class Flow {
  private Flow() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    long items = Long.parseLong(args[2]);
    switch (args[0]) {
      case "make" -> make(folder, args[3], items);
      case "run" -> run(folder, items, args[3], args[4]);
      case "check" -> check(folder, items, args[4]);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static Path input(Path folder, String source) {
    return folder.resolve("input." + source);
  }

  /// Inputs that have their numbers in them.
  private static void make(Path folder, String source, long items) throws IOException {
    Path file = input(folder, source);
    if (source.equals("range") || source.equals("stream") || Files.exists(file)) {
      return;
    }
    if (source.equals("folder")) {
      for (long i = 0; i < items; i++) {
        Path each = file.resolve("%03d/%09d.txt".formatted(i / 1_000, i));
        Files.createDirectories(each.getParent());
        Files.createFile(each);
      }
      return;
    }
    Path fresh = folder.resolve("fresh");
    try (OutputStream bytes = packed(Files.newOutputStream(fresh), source);
        BufferedWriter out =
            new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), 1 << 16)) {
      String kind = source.replaceAll("\\..*", "");
      out.write(
          switch (kind) {
            case "csv" -> "id,name,price\n";
            case "tsv" -> "id\tname\tprice\n";
            case "json" -> "[";
            default -> "";
          });
      for (long i = 0; i < items; i++) {
        out.write(
            switch (kind) {
              case "csv" -> i + ",\"Item \"\"" + i + "\"\"\"," + i % 1_000 + ".99\n";
              case "tsv" -> i + "\tItem " + i + "\t" + i % 1_000 + ".99\n";
              case "jsonl" -> "{\"id\":" + i + ",\"name\":\"Item " + i + "\"}\n";
              case "json" -> (i == 0 ? "" : ",\n") + "{\"id\":" + i + ",\"name\":\"Item " + i + "\"}";
              default -> i + "\n";
            });
      }
      out.write(kind.equals("json") ? "]" : "");
    }
    Files.move(fresh, file);
  }

  private static OutputStream packed(OutputStream out, String source) throws IOException {
    return source.endsWith(".gz") ? new GZIPOutputStream(out, 1 << 16) : out;
  }

  private static void run(Path folder, long items, String from, String into) throws Exception {
    Path file = input(folder, from);
    Path out = folder.resolve("output." + into);
    long begun = System.nanoTime();
    Summary summary =
        switch (from.replaceAll("\\..*", "")) {
          case "lines" -> run(Source.lines(file), (String line) -> line, into, out);
          case "csv" -> run(Source.csv(file), (Row row) -> row.col("id"), into, out);
          case "tsv" -> run(Source.tsv(file), (Row row) -> row.col("id"), into, out);
          case "jsonl" ->
              run(Source.jsonLines(file), (JsonNode json) -> json.get("id").asString(), into, out);
          case "json" ->
              run(Source.jsonArray(file), (JsonNode json) -> json.get("id").asString(), into, out);
          case "folder" ->
              run(
                  Source.files(file, "**"),
                  (Path path) ->
                      "" + Long.parseLong(path.getFileName().toString().replace(".txt", "")),
                  into,
                  out);
          case "range" -> run(Source.of("range", range(items)), (Long i) -> "" + i, into, out);
          case "stream" ->
              run(
                  Source.stream("stream", () -> LongStream.range(0, items).boxed()),
                  (Long i) -> "" + i,
                  into,
                  out);
          default -> throw new IllegalArgumentException(from);
        };
    System.out.printf(
        "%d\t%d\t%.1f\t%s%n",
        summary.done(), summary.failed(), (System.nanoTime() - begun) / 1e9, peak());
  }

  private static Iterable<Long> range(long items) {
    return () -> LongStream.range(0, items).iterator();
  }

  private static <T> Summary run(
      Source<T> source, Task<T, String> task, String into, Path out) {
    return Pipeline.read(source)
        .map(task)
        .write(sink(into, out))
        .state(out.resolveSibling("state"))
        .version("the id")
        .fresh()
        .run(Fan.threads());
  }

  private static Sink<? super String> sink(String into, Path out) {
    return switch (into) {
      case "lines" -> Sink.lines(out);
      case "jsonl", "jsonl.gz", "jsonl.zst" -> Sink.jsonLines(out);
      case "csv" -> Sink.csv(out);
      case "tsv" -> Sink.tsv(out);
      case "parts.csv.gz" -> Sink.csv(out).parts(Parts.ofCount(1_000_000));
      case "folder" -> Sink.folder(out, (index, _) -> index / 1_000 + "/" + index);
      case "sqlite" -> Sink.sqlite(out, "answers");
      case "duckdb" -> Sink.duckdb(out, "answers");
      case "h2" -> Sink.jdbc("jdbc:h2:" + out, "answers");
      case "parquet" -> Parquet.file(out);
      default -> throw new IllegalArgumentException(into);
    };
  }

  private static String peak() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines.filter(line -> line.startsWith("VmHWM")).findFirst().orElse("").replaceAll("\\D", "");
    }
  }

  /// Each index once, and with the result of its own.
  private static void check(Path folder, long items, String into) throws Exception {
    Path out = folder.resolve("output." + into);
    BitSet seen = new BitSet();
    long[] wrong = {0};
    interface Seen {
      void record(long index, String result);
    }
    Seen each =
        (index, result) -> {
          if (seen.get((int) index) || !result.equals(Long.toString(index))) {
            wrong[0]++;
          }
          seen.set((int) index);
        };
    switch (into) {
      case "lines" -> {
        try (Stream<String> lines = Files.lines(out)) {
          lines.forEach(line -> each.record(Long.parseLong(line), line));
        }
      }
      case "folder" -> {
        try (Stream<Path> files = Files.walk(out)) {
          for (Path file : (Iterable<Path>) files.filter(f -> Files.isRegularFile(f) && !f.getParent().endsWith(".fan"))::iterator) {
            each.record(Long.parseLong(file.getFileName().toString()), Files.readString(file));
          }
        }
      }
      case "sqlite", "duckdb", "h2", "parquet" -> {
        boolean parquet = into.equals("parquet");
        String url = "jdbc:" + (parquet ? "duckdb:" : into + ":" + out);
        String table = parquet ? "'" + out + "'" : "\"answers\"";
        try (var connection = DriverManager.getConnection(url);
            var statement = connection.createStatement();
            var rows =
                statement.executeQuery(
                    "SELECT count(*), count(DISTINCT \"index\"), min(\"index\"), max(\"index\"),"
                        + " sum(CASE WHEN CAST(\"result\" AS BIGINT) = \"index\" THEN 0 ELSE 1 END) FROM "
                        + table)) {
          rows.next();
          boolean right =
              rows.getLong(1) == items
                  && rows.getLong(2) == items
                  && rows.getLong(3) == 0
                  && rows.getLong(4) == items - 1;
          wrong[0] = right ? rows.getLong(5) : items;
          seen.set(0, (int) items);
        }
      }
      default -> {
        List<String> files;
        if (into.startsWith("parts")) {
          try (Stream<Path> all = Files.list(folder)) {
            files = all.map(Path::toString).filter(name -> name.matches(".*/output.*-\\d+.*")).toList();
          }
        } else {
          files = List.of("" + out);
        }
        try (Inputs rows = Inputs.of(files, InputStream.nullInputStream(), Reading.standard())) {
          rows.forEachRemaining(
              row -> each.record(Long.parseLong(row.col("index")), row.col("result")));
        }
      }
    }
    boolean whole = wrong[0] == 0 && seen.cardinality() == items && seen.length() == items;
    System.out.println(whole ? "each once" : "WRONG: %d records, %d inputs".formatted(wrong[0], seen.cardinality()));
  }
}
