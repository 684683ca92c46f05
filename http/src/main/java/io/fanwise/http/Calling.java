package io.fanwise.http;

import io.fanwise.work.PushedBack;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Sends a request, follows where its answer leads, and judges what comes of it. Immutable, and
/// safe for use by many threads.
///
/// @param verdicts what statuses mean
/// @param settings what connections are like
/// @param redirects how many are followed
/// @param mask hides secrets in what is said
record Calling(Verdicts verdicts, Settings settings, int redirects, Mask mask) {

  /// The failure of an item of which no request can be made.
  ///
  /// @param what the method and the template of the URL
  HttpFailed unsent(String what, Exception why) {
    HttpFailed failed =
        new HttpFailed(HttpFailed.Kind.FINAL, 0, mask.hide(what + ": " + why.getMessage()));
    return because(why, failed);
  }

  /// Sends a request until there is an answer that is one.
  ///
  /// @param begun when its item was begun, by [System#nanoTime]
  Answer answer(Call call, Keeping keeping, long begun) throws PushedBack, InterruptedException {
    Reply reply = send(call, keeping, begun + settings.timeouts().whole().toNanos());
    Duration time = Duration.ofNanos(System.nanoTime() - begun);
    Answer answer = new Answer(call.toString(), reply, time, mask);
    judge(call, answer);
    return answer;
  }

  private Reply send(Call first, Keeping keeping, long deadline) throws InterruptedException {
    Call call = first;
    for (int followed = 0; ; followed++) {
      Reply reply = exchange(call, keeping, deadline);
      Optional<String> location = reply.headers().first("Location");
      boolean onwards =
          Redirect.is(reply.status())
              && location.isPresent()
              && redirects > 0
              && !verdicts.good(reply.status());
      if (!onwards) {
        return reply;
      }
      if (followed == redirects) {
        throw failed(
            first,
            HttpFailed.Kind.FINAL,
            reply.status(),
            "more than %d redirects, the last to %s".formatted(redirects, location.get()));
      }
      try {
        call = Redirect.follow(call, reply.status(), location.get());
      } catch (IllegalArgumentException e) {
        throw failed(
            first,
            HttpFailed.Kind.FINAL,
            reply.status(),
            "the redirect to %s is not followed: %s".formatted(location.get(), e.getMessage()));
      }
    }
  }

  private Reply exchange(Call call, Keeping keeping, long deadline) throws InterruptedException {
    try {
      return AsyncClient.of(settings).exchange(call, keeping, deadline);
    } catch (Broken e) {
      HttpFailed.Kind kind =
          switch (e.when()) {
            case BEFORE_SENDING -> HttpFailed.Kind.PASSING;
            case AFTER_SENDING -> passingIf(call.repeatable());
            case HOPELESS -> HttpFailed.Kind.FINAL;
          };
      throw because(e.getCause(), failed(call, kind, 0, e.getMessage()));
    }
  }

  private static HttpFailed.Kind passingIf(boolean repeatable) {
    return repeatable ? HttpFailed.Kind.PASSING : HttpFailed.Kind.FINAL;
  }

  private void judge(Call call, Answer answer) throws PushedBack {
    int status = answer.status();
    Optional<Duration> after =
        verdicts.good(status) ? Optional.empty() : RetryAfter.of(answer.headers(), Instant.now());
    switch (verdicts.of(status, after.isPresent())) {
      case DONE -> requireNoFailure(call, answer);
      case REFUSED -> throw pushedBack(call, answer, after);
      case PASSING -> throw answered(call, HttpFailed.Kind.PASSING, answer);
      case DOUBTFUL -> throw answered(call, passingIf(call.repeatable()), answer);
      case FINAL -> throw answered(call, HttpFailed.Kind.FINAL, answer);
      case STOP -> throw answered(call, HttpFailed.Kind.STOP, answer);
    }
  }

  private void requireNoFailure(Call call, Answer answer) {
    if (verdicts.failIf().isEmpty() || answer.body().length == 0) {
      return;
    }
    JsonNode told;
    try {
      told = answer.tree().at(verdicts.failIf());
    } catch (HttpFailed e) {
      throw failed(
          call,
          HttpFailed.Kind.FINAL,
          answer.status(),
          "its body is not JSON: " + answer.excerpt());
    }
    boolean none =
        told.isMissingNode() || told.isNull() || (told.isBoolean() && !told.booleanValue());
    if (!none) {
      throw failed(
          call,
          HttpFailed.Kind.FINAL,
          answer.status(),
          "%d, but %s is %s".formatted(answer.status(), verdicts.failIf(), told));
    }
  }

  private PushedBack pushedBack(Call call, Answer answer, Optional<Duration> after) {
    String message = mask.hide("%s was refused: %s".formatted(call, told(answer)));
    return after
        .map(time -> new PushedBack(message, time))
        .orElseGet(() -> new PushedBack(message));
  }

  private HttpFailed answered(Call call, HttpFailed.Kind kind, Answer answer) {
    return failed(call, kind, answer.status(), told(answer));
  }

  private static String told(Answer answer) {
    String excerpt = answer.excerpt();
    return excerpt.isEmpty()
        ? "status " + answer.status()
        : "status %d: %s".formatted(answer.status(), excerpt);
  }

  private HttpFailed failed(Call call, HttpFailed.Kind kind, int status, @Nullable String reason) {
    return new HttpFailed(kind, status, mask.hide("%s failed: %s".formatted(call, reason)));
  }

  /// With its cause, unless that says a secret: causes are written and printed like messages.
  private HttpFailed because(@Nullable Throwable cause, HttpFailed failed) {
    if (cause == null) {
      return failed;
    }
    for (Throwable each = cause; each != null; each = each.getCause()) {
      String told = each.toString();
      if (!mask.hide(told).equals(told)) {
        return failed;
      }
    }
    failed.initCause(cause);
    return failed;
  }
}
