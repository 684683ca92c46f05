package io.fanwise.cli;

import io.fanwise.http.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What is made of answers. Confined to the thread that runs the command.
final class AnswerOptions {
  @Option(
      names = "--select",
      paramLabel = "[NAME=]/POINTER",
      split = ",",
      description =
          "The result is this part of the JSON, by a JSON pointer: /data/id. Several, with commas"
              + " between, are an object, or columns. Default: the whole body.")
  List<String> select = new ArrayList<>();

  @Option(
      names = "--ok",
      paramLabel = "STATUS",
      split = ",",
      description = "The statuses that are answers, such as 200,404. Default: 200 to 299.")
  List<Integer> ok = new ArrayList<>();

  @Option(
      names = "--fail-if",
      paramLabel = "/POINTER",
      description = "An answer has failed if it has this, and not null or false: /error.")
  Optional<String> failIf = Optional.empty();

  @Option(
      names = "--keep-going",
      description =
          "Take 401, 402, 403 and 407 for failures of their inputs. Default: they end the run, unless"
              + " hosts are from inputs.")
  boolean keepGoing;

  @Option(
      names = "--save",
      paramLabel = "FILE|DIR/",
      description =
          "Write each body to a file of its own, however large: 'pages/{id}.html', or pages/ for their"
              + " indices. The result says which.")
  Optional<String> save = Optional.empty();

  @Option(
      names = "--max-body",
      paramLabel = "SIZE",
      description =
          "A body that is larger, unpacked, is a failure: 200k, 64m. Default: 16m, and none with"
              + " --save.")
  Optional<Size> limit = Optional.empty();

  @Option(
      names = "--redirects",
      paramLabel = "N",
      description = "Follow at most so many redirects. Default: 10.")
  Optional<Integer> redirects = Optional.empty();

  @Option(
      names = "--cookies",
      description = "Send cookies back that servers set. Default: forget them.")
  boolean cookies;

  @Option(
      names = "--retry-unsafe",
      description =
          "Try again also what a server may have done already: POST and PATCH that failed after they"
              + " were sent.")
  boolean retryUnsafe;

  /// The task, and what its answers mean.
  ///
  /// @throws IllegalArgumentException if it makes no sense
  Http judging(Http http) {
    Http judging = http;
    if (!ok.isEmpty()) {
      judging = judging.ok(ok.stream().mapToInt(Integer::intValue).toArray());
    }
    if (failIf.isPresent()) {
      judging = judging.failIf(failIf.get());
    }
    if (save.isPresent()) {
      judging = judging.save(files(save.get()));
    }
    if (limit.isPresent()) {
      judging = judging.limit(limit.get().bytes());
    }
    if (redirects.isPresent()) {
      judging = judging.redirects(redirects.get());
    }
    if (cookies) {
      judging = judging.keepCookies();
    }
    if (keepGoing) {
      judging = judging.keepGoing();
    }
    return retryUnsafe ? judging.retryUnsafe() : judging;
  }

  private static String files(String template) {
    if (template.endsWith("/")) {
      return template + "{index}";
    }
    if (template.indexOf('{') < 0) {
      throw new IllegalArgumentException(
          "all bodies would be saved to the same file, %s: put a field into its name, such as {index}, or write %s/ for a folder"
              .formatted(template, template));
    }
    return template;
  }

  /// What is made a result of an answer.
  ///
  /// @throws IllegalArgumentException if it makes no sense
  Selecting selecting() {
    if (!select.isEmpty() && save.isPresent()) {
      throw new IllegalArgumentException(
          "--select looks into bodies, but --save writes them to files unread: leave out one");
    }
    return Selecting.of(select);
  }
}
