package io.fanwise;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.work.Outcome.Done;
import io.fanwise.work.Outcome.Failed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The call sites Fanwise is designed for. They compile, they run as tests, and the documentation
/// takes its snippets from here.
class Showcase {
  private final List<String> urls = IntStream.range(0, 100).mapToObj(i -> "page/" + i).toList();

  record Page(String title) {}

  static class Web {
    static Page fetch(String url) throws IOException {
      if (url.endsWith("/13")) {
        throw new IOException("no such page");
      }
      return new Page(url.toUpperCase(java.util.Locale.ROOT));
    }
  }

  @Test
  void simple() {
    // @start region="simple"
    List<Double> roots = Fan.out().map(Range.of(0, 10), i -> Math.sqrt(i * i));
    // @end

    assertThat(roots).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0);
  }

  @Test
  void changeTheFirstWord() {
    List<Integer> grid = List.of(1, 2, 3);
    List<List<Integer>> all = new ArrayList<>();

    // @start region="where"
    all.add(Fan.threads().map(grid, Showcase::fit)); // one per core: work that computes
    all.add(Fan.threads(-2).map(grid, Showcase::fit)); // all cores but one, as joblib counts
    all.add(Fan.virtualThreads(200).map(grid, Showcase::fit)); // work that waits
    all.add(Fan.sequential().map(grid, Showcase::fit)); // same code, a debugger's friend
    all.add(Fan.on("threads", 4).map(grid, Showcase::fit)); // named by a command or configuration
    // @end

    assertThat(all).hasSize(5).allSatisfy(fits -> assertThat(fits).containsExactly(2, 4, 6));
  }

  private static int fit(int point) {
    return 2 * point;
  }

  @Test
  void asManyAsPay() {
    // @start region="adaptive"
    List<Page> pages = Fan.virtualThreads().map(urls.subList(0, 10), Web::fetch);
    // @end

    assertThat(pages).hasSize(10);
  }

  @Test
  void lazily() {
    List<Page> index = new CopyOnWriteArrayList<>();
    Stream<String> endless = Stream.iterate(100, i -> i + 1).map(i -> "page/" + i);

    // @start region="lazily"
    try (Stream<Page> pages = Fan.virtualThreads(20).unordered().stream(endless, Web::fetch)) {
      pages.limit(1_000).forEach(index::add); // the rest is cancelled
    }
    // @end

    assertThat(index).hasSize(1_000).doesNotHaveDuplicates();
  }

  @Test
  void asAStageOfAStream() {
    // @start region="gather"
    List<String> titles =
        urls.stream()
            .limit(13)
            .gather(Fan.virtualThreads(20).mapping(Web::fetch))
            .map(Page::title)
            .toList();
    // @end

    assertThat(titles).hasSize(13).first().isEqualTo("PAGE/0");
  }

  @Test
  void failuresEndTheRun() {
    assertThatThrownBy(() -> Fan.out().map(urls, Web::fetch))
        .isInstanceOf(TaskFailed.class)
        .hasMessage("Task failed on input 13, page/13: IOException: no such page")
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void orAreOutcomesLikeAnyOther() {
    List<Page> index = new ArrayList<>();
    List<String> skipped = new ArrayList<>();

    // @start region="outcomes"
    Fan careful =
        Fan.virtualThreads(20)
            .timeout(ofSeconds(10))
            .retry(Retry.times(5).backoff(ofMillis(1), ofMillis(10)).on(IOException.class))
            .rate(Rate.perSecond(25_000));
    try (var outcomes = careful.outcomes(urls, Web::fetch)) {
      outcomes.forEach(outcome -> {
        switch (outcome) {
          case Done(var url, var page, _) -> index.add(page);
          case Failed(var url, var error, var how) ->
              skipped.add(url + " after " + how.attempts() + ": " + error.getMessage());
        }
      });
    }
    // @end

    assertThat(index).hasSize(99);
    assertThat(skipped).containsExactly("page/13 after 6: no such page");
  }

  @Test
  void watching() {
    List<Progress> seen = new ArrayList<>();

    // @start region="watching"
    Fan.threads().progress(seen::add).map(Range.of(0, 1_000), i -> i);
    // @end

    assertThat(seen.getLast().finished()).isTrue();
    assertThat(seen.getLast().done()).isEqualTo(1_000);
    assertThat(seen.getLast().total()).hasValue(1_000);
  }

  @Test
  void defaultsForCodeIDoNotOwn() {
    // @start region="default"
    List<Integer> score = Fan.threads(2).asDefault(() -> train(List.of(1, 2, 3)));
    // @end

    assertThat(score).containsExactly(2, 4, 6);
  }

  private static List<Integer> train(List<Integer> rows) {
    return Fan.out().map(rows, Showcase::fit);
  }

  @Test
  void nested() {
    List<List<Integer>> rows = List.of(List.of(1, 2), List.of(3));

    // @start region="nested"
    List<List<Integer>> prices =
        Fan.threads(8).map(rows, row -> Fan.out().map(row, Showcase::fit)); // no 8 × 8 threads
    // @end

    assertThat(prices).containsExactly(List.of(2, 4), List.of(6));
  }

  @Test
  void differentFunctionsInOneRun() {
    List<Callable<String>> callables = List.of(() -> "a", () -> "b".repeat(2));

    // @start region="callables"
    List<String> results = Fan.threads(2).map(callables, Callable::call);
    // @end

    assertThat(results).containsExactly("a", "bb");
  }

  @Test
  void inTheBackground() throws Exception {
    CountDownLatch published = new CountDownLatch(1);

    // @start region="background"
    Running<Page> crawl =
        Fan.virtualThreads(20)
            .start(urls.subList(0, 13), Web::fetch)
            .onDone(pages -> published.countDown());
    crawl.progress();
    List<Page> pages = crawl.get();
    // @end

    published.await();
    assertThat(pages).hasSize(13);
    assertThat(crawl.cancel()).isFalse();
  }

  @Test
  void cancellingWhatRunsInTheBackground() {
    Running<Integer> endless = Fan.threads(2).start(Stream.iterate(0, i -> i + 1), i -> i);

    assertThat(endless.cancel()).isTrue();

    assertThatThrownBy(endless::join).isInstanceOf(CancellationException.class);
  }

  @Test
  void asExecutor() throws Exception {
    // @start region="executor"
    try (ExecutorService executor = Fan.threads(4).executor()) {
      Future<Integer> score = executor.submit(() -> fit(21));
      assertThat(score.get()).isEqualTo(42);
    }
    // @end
  }

  @Test
  void chunksForTasksThatTakeMany() {
    List<Integer> prices = List.of(1, 2, 3, 4, 5);

    // @start region="chunks"
    List<Integer> sums =
        Fan.threads()
            .map(
                Chunks.contiguous(prices, 2),
                chunk -> chunk.stream().mapToInt(Integer::intValue).sum());
    // @end

    assertThat(sums).containsExactly(3, 12);
  }
}
