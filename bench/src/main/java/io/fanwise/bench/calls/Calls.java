package io.fanwise.bench.calls;

import io.fanwise.Fan;
import io.fanwise.http.Http;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.Sink;
import io.fanwise.pipeline.Source;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.LongStream;

/// One process calls a server, so many calls at a time, and writes every answer to a file, until it
/// is ended.
///
/// ```
/// java -cp bench/target/benchmarks.jar io.fanwise.bench.calls.Calls fanwise 200 http://127.0.0.1:8099/items/ answers.jsonl
/// ```
///
/// Arguments: peer, calls at a time, the URL before an item's number, the output. `bench/peers/run
/// calls` starts it beside a server, asks that how much it has answered, and ends both.
public final class Calls {
  /// More than anybody waits for.
  private static final long ITEMS = 1_000_000_000;

  private Calls() {}

  /// Calls.
  ///
  /// @param args see above
  /// @throws Exception if something did not do what it was asked
  public static void main(String... args) throws Exception {
    int atOnce = Integer.parseInt(args[1]);
    URI url = URI.create(args[2]);
    Path output = Path.of(args[3]);
    switch (args[0]) {
      case "fanwise" -> pipeline(Fan.virtualThreads(atOnce), url, output);
      case "fanwise-auto" -> pipeline(Fan.virtualThreads(), url, output);
      case "loop" -> new LoopOfCalls(url, output).run(atOnce);
      case "netty" -> new BareNetty(url).run(atOnce);
      default -> throw new IllegalArgumentException("there is no peer " + args[0]);
    }
  }

  private static void pipeline(Fan fan, URI url, Path output) {
    Iterable<Long> items = LongStream.range(0, ITEMS)::iterator;
    Pipeline.read(Source.of("items", items))
        .map(Http.get(url + "{}"))
        .write(Sink.jsonLines(output))
        .run(fan);
  }
}
