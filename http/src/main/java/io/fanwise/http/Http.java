package io.fanwise.http;

import static java.util.Objects.requireNonNull;

import io.fanwise.pipeline.Identified;
import io.fanwise.pipeline.InputId;
import io.fanwise.work.PushedBack;
import io.fanwise.work.Task;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// A call of a web service as a task: for each item a request is made of templates, sent, and its
/// answer judged.
///
/// ```java
/// Http.get("https://api.example.org/items/{id}").bearer(Secret.env("TOKEN"))
/// ```
///
/// In templates, `{id}` is a field of the item (a column, a property, an entry, a component),
/// `{/user/name}` one by a JSON pointer, `{}` or `{line}` the item itself, `{index}` its number and
/// `{run}` the run in a pipeline, `{env:TOKEN}` and `{file:PATH}` secrets. Each is written as its
/// place demands.
///
/// A status from 200 to 299 is an answer. 429, and 503 with the time to come back, is [PushedBack];
/// what may pass, what will not, and what others would suffer too is told by [HttpFailed#kind].
///
/// Connections are kept and shared by all calls with the same settings; there are as many as calls
/// at a time. Immutable, and safe for use by many threads.
public final class Http implements Task<Object, Answer>, Identified, InputId.Wanted {
  private static final long serialVersionUID = 1;
  private static final long LARGEST_BODY = 16 << 20;
  private static final int REDIRECTS = 10;

  /// What requests look like.
  private final Shape shape;

  /// What of them is not to be seen in messages.
  private final Mask mask;

  /// Whether they depend on which input of which run it is.
  private final boolean wantsInputId;

  /// What statuses mean.
  private final Verdicts verdicts;

  /// What its connections are like.
  private final Settings settings;

  /// How many redirects are followed.
  private final int redirects;

  /// The largest body.
  private final long limit;

  /// Where bodies are saved; null to keep them in memory.
  private final @Nullable Template file;

  private Http(
      Shape shape,
      Verdicts verdicts,
      Settings settings,
      int redirects,
      long limit,
      @Nullable Template file) {
    this.shape = shape;
    this.mask = Mask.of(shape);
    this.wantsInputId = shape.dependsOnRun() || (file != null && file.dependsOnRun());
    this.verdicts = verdicts;
    this.settings = settings;
    this.redirects = redirects;
    this.limit = limit;
    this.file = file;
  }

  /// GETs a URL.
  ///
  /// @param url a template; `{url}` alone is a whole URL
  /// @return the task
  public static Http get(String url) {
    return of("GET", url);
  }

  /// HEADs a URL.
  ///
  /// @param url a template
  /// @return the task
  public static Http head(String url) {
    return of("HEAD", url);
  }

  /// POSTs to a URL.
  ///
  /// @param url a template
  /// @return the task
  public static Http post(String url) {
    return of("POST", url);
  }

  /// PUTs to a URL.
  ///
  /// @param url a template
  /// @return the task
  public static Http put(String url) {
    return of("PUT", url);
  }

  /// PATCHes a URL.
  ///
  /// @param url a template
  /// @return the task
  public static Http patch(String url) {
    return of("PATCH", url);
  }

  /// DELETEs a URL.
  ///
  /// @param url a template
  /// @return the task
  public static Http delete(String url) {
    return of("DELETE", url);
  }

  /// Calls a URL by any method.
  ///
  /// @param method its name, in capitals
  /// @param url a template
  /// @return the task
  public static Http of(String method, String url) {
    if (!method.matches("[A-Z]+") || method.equals("CONNECT")) {
      throw new IllegalArgumentException("a method is GET, POST or the like, was " + method);
    }
    Template to = Template.url(url);
    Shape shape = new Shape(method, to, List.of(), List.of(), List.of(), null);
    Verdicts.Denials denials =
        to.hasField(Place.URL) || to.hasField(Place.HOST)
            ? Verdicts.Denials.OF_ONE
            : Verdicts.Denials.OF_ALL;
    return new Http(
        shape,
        Verdicts.STANDARD.denials(denials),
        Settings.STANDARD,
        REDIRECTS,
        LARGEST_BODY,
        null);
  }

  private Http with(Shape changed) {
    return new Http(changed, verdicts, settings, redirects, limit, file);
  }

  private Http with(Verdicts changed) {
    return new Http(shape, changed, settings, redirects, limit, file);
  }

  private Http with(Settings changed) {
    return new Http(shape, verdicts, changed, redirects, limit, file);
  }

  /// The same with a header.
  ///
  /// @param name its name
  /// @param template its value
  /// @return a copy
  public Http header(String name, String template) {
    return with(shape.header(name, Template.text(template, Place.HEADER)));
  }

  /// The same with a parameter in the query of the URL.
  ///
  /// @param name its name
  /// @param template its value
  /// @return a copy
  public Http query(String name, String template) {
    return with(shape.query(name, Template.text(template, Place.TEXT)));
  }

  /// The same with a cookie.
  ///
  /// @param name its name
  /// @param template its value
  /// @return a copy
  public Http cookie(String name, String template) {
    return with(shape.cookie(name, Template.text(template, Place.HEADER)));
  }

  /// The same with text in the body.
  ///
  /// @param template the text
  /// @return a copy
  public Http body(String template) {
    return with(shape.body(Template.text(template, Place.TEXT), "text/plain; charset=utf-8"));
  }

  /// The same with JSON in the body: `{"input": {text}}` sends the field as a JSON value, `"Say
  /// {text}"` as a part of that string. `{line}` is the whole item.
  ///
  /// @param template the JSON
  /// @return a copy
  public Http jsonBody(String template) {
    return with(shape.body(Template.json(template), "application/json"));
  }

  /// The same with a token: `Authorization: Bearer …`.
  ///
  /// @param token the token
  /// @return a copy
  public Http bearer(Secret token) {
    return with(shape.header("Authorization", Template.hidden("Bearer ", token)));
  }

  /// The same with a user and a password: `Authorization: Basic …`.
  ///
  /// @param user the user's name
  /// @param password the password
  /// @return a copy
  public Http basic(String user, Secret password) {
    return with(shape.header("Authorization", Template.basic(user, password)));
  }

  /// The same with an `Idempotency-Key` that is the same for each attempt on an item, also when the
  /// run was killed and goes on, and differs between items and runs: `{run}-{index}`. For tasks
  /// that are given to a pipeline as they are.
  ///
  /// @return a copy
  public Http idempotencyKey() {
    return idempotencyKey("{run}-{index}");
  }

  /// The same with an `Idempotency-Key`, by which a service knows a call that it had before. Such
  /// calls are repeated whatever their method.
  ///
  /// @param template what differs for each item and not for each attempt: `run-7-{index}`
  /// @return a copy
  public Http idempotencyKey(String template) {
    Template key = Template.text(template, Place.HEADER);
    if (key.pieces().stream().noneMatch(Piece.Field.class::isInstance)) {
      throw new IllegalArgumentException(
          "an idempotency key must differ for each item: put a field into " + template);
    }
    return with(shape.header("Idempotency-Key", key));
  }

  /// The same, but any call may be repeated after it was sent, although the service might do twice
  /// what it is asked once.
  ///
  /// @return a copy
  public Http retryUnsafe() {
    return with(verdicts.repeat(Verdicts.Repeat.ALWAYS));
  }

  /// The same with other statuses for answers.
  ///
  /// @param statuses all of them: 200 is none any more unless it is among them
  /// @return a copy
  public Http ok(int... statuses) {
    Set<Integer> ok = new HashSet<>();
    for (int each : statuses) {
      if (each < 200 || each > 599) {
        throw new IllegalArgumentException("a status is from 200 to 599, was " + each);
      }
      ok.add(each);
    }
    return with(verdicts.ok(ok));
  }

  /// The same, but an answer with this in it has failed, unless it is null or false.
  ///
  /// @param pointer a JSON pointer (RFC 6901), such as `/error`
  /// @return a copy
  public Http failIf(String pointer) {
    return with(verdicts.failIf(sound(pointer)));
  }

  /// The same, but 401, 402, 403 and 407 are failures of their items, and do not end the run as a
  /// wrong key does. So it is anyway where hosts are from items.
  ///
  /// @return a copy
  public Http keepGoing() {
    return with(verdicts.denials(Verdicts.Denials.OF_ONE));
  }

  /// The same with other timeouts.
  ///
  /// @param timeouts how long each part of a call may take
  /// @return a copy
  public Http timeouts(Timeouts timeouts) {
    return with(
        new Settings(
            requireNonNull(timeouts, "timeouts"),
            settings.tls(),
            settings.proxy(),
            settings.version(),
            settings.cookies()));
  }

  /// The same with another time for the whole call.
  ///
  /// @param whole how long it may take, redirects included
  /// @return a copy
  public Http timeout(Duration whole) {
    return timeouts(settings.timeouts().whole(whole));
  }

  /// The same with other settings of TLS.
  ///
  /// @param tls whom to trust, and who we are
  /// @return a copy
  public Http tls(Tls tls) {
    return with(
        new Settings(
            settings.timeouts(),
            requireNonNull(tls, "tls"),
            settings.proxy(),
            settings.version(),
            settings.cookies()));
  }

  /// The same through a proxy.
  ///
  /// @param proxy `http://HOST:PORT`
  /// @return a copy
  public Http proxy(URI proxy) {
    return proxy(Proxy.fixed(proxy));
  }

  /// The same through the proxy that the environment names: `http_proxy`, `https_proxy`,
  /// `all_proxy`, none for hosts in `no_proxy`.
  ///
  /// @return a copy
  public Http proxyFromEnvironment() {
    return proxy(Proxy.environment());
  }

  private Http proxy(Proxy proxy) {
    return with(
        new Settings(
            settings.timeouts(), settings.tls(), proxy, settings.version(), settings.cookies()));
  }

  /// The same by HTTP/1.1, even if the service offers HTTP/2.
  ///
  /// @return a copy
  public Http http1() {
    return version(Settings.Version.ONE);
  }

  /// The same by HTTP/2, also without TLS.
  ///
  /// @return a copy
  public Http http2() {
    return version(Settings.Version.TWO);
  }

  private Http version(Settings.Version version) {
    return with(
        new Settings(
            settings.timeouts(), settings.tls(), settings.proxy(), version, settings.cookies()));
  }

  /// The same, but cookies that services set are sent back to them.
  ///
  /// @return a copy
  public Http keepCookies() {
    return with(
        new Settings(
            settings.timeouts(),
            settings.tls(),
            settings.proxy(),
            settings.version(),
            Settings.Cookies.KEPT));
  }

  /// The same, but only so many redirects are followed. Never is one from https to http, and what
  /// is secret is not sent to another host.
  ///
  /// @param most how many; 0 for none
  /// @return a copy
  public Http redirects(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("redirects must be 0 or more, was " + most);
    }
    return new Http(shape, verdicts, settings, most, limit, file);
  }

  /// The same with another limit on the size of an answer's body, unpacked; 16 MiB if nothing is
  /// said.
  ///
  /// @param bytes the largest body; a larger one is the failure of its item
  /// @return a copy
  public Http limit(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("the limit must be at least 1, was " + bytes);
    }
    return new Http(shape, verdicts, settings, redirects, bytes, file);
  }

  /// The same, but bodies are saved to files as they come, of any size unless [#limit(long)] is
  /// said after this. A file is there when it is whole.
  ///
  /// @param template a path: `pages/{index}.html`; fields must not have separators in them
  /// @return a copy
  public Http save(String template) {
    Template path = Template.file(template);
    return new Http(shape, verdicts, settings, redirects, Long.MAX_VALUE, path);
  }

  /// The same, of which only a part of the answer's JSON is the result.
  ///
  /// @param pointer a JSON pointer (RFC 6901), such as `/data/name`
  /// @return the task; an answer without that part is the failure of its item
  public Task<Object, JsonNode> select(String pointer) {
    String sound = sound(pointer);
    return new Then<>(this, "select " + sound, answer -> answer.select(sound));
  }

  /// The same, of whose answers something is made.
  ///
  /// @param then what to make of them
  /// @return the task
  /// @param <R> the type of results
  public <R> Task<Object, R> map(Task<? super Answer, ? extends R> then) {
    return new Then<>(this, "", requireNonNull(then, "then"));
  }

  private static String sound(String pointer) {
    JsonPointer.compile(pointer);
    return pointer;
  }

  /// Makes the request for an item, sends it and judges the answer.
  ///
  /// @param item what templates take their fields from
  /// @return the answer
  /// @throws HttpFailed if there is none, and why
  /// @throws PushedBack if the service asks to come back later
  /// @throws InterruptedException if the thread is interrupted; the call is ended
  @Override
  public Answer run(Object item) throws PushedBack, InterruptedException {
    long begun = System.nanoTime();
    Calling calling = new Calling(verdicts, settings, redirects, mask);
    Call call;
    Path target;
    try {
      call = shape.call(item, verdicts.repeat());
      Template name = file;
      target = name == null ? null : Path.of(name.sent(new Fields(item)));
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw calling.unsent(shape.method() + " " + shape.url(), e);
    }
    return calling.answer(call, new Keeping(limit, verdicts::good, target), begun);
  }

  /// The request for an item as people see it: its first line, its headers and its body, as they
  /// would be sent, but for secrets.
  ///
  /// @param item what templates take their fields from
  /// @return several lines
  /// @throws NoSuchElementException if a field is missing
  /// @throws IllegalArgumentException if a field must not stand where it does
  public String shown(Object item) {
    return shape.shown(item);
  }

  /// The server that an item's request goes to, so that each can have a rate of its own:
  /// `Rate.perSecond(10).per(http::server)`.
  ///
  /// @param item what templates take their fields from
  /// @return its host, and its port if the URL has one; empty if no URL can be made of the item
  public String server(Object item) {
    try {
      return shape.server(item);
    } catch (IllegalArgumentException | NoSuchElementException e) {
      return ""; // what is wrong with it is said by the call
    }
  }

  /// Whether templates have `{run}` or `{index}` in them.
  @Override
  public boolean wantsInputId() {
    return wantsInputId;
  }

  /// What is called, without secrets: those by the names of their variables and files.
  @Override
  public String identity() {
    return "%s %s, query %s, headers %s, cookies %s, body %s; answers %s, fails at %s; saved to %s"
        .formatted(
            shape.method(),
            shape.url(),
            shape.query(),
            shape.headers(),
            shape.cookies(),
            shape.body(),
            verdicts.ok(),
            verdicts.failIf(),
            file);
  }

  /// The method and the template of the URL.
  @Override
  public String toString() {
    return shape.method() + " " + shape.url();
  }

  /// A call of whose answer something is made.
  ///
  /// @param http the call
  /// @param what what is made of it, in words; empty if only the code can say
  /// @param task what makes it
  /// @param <R> the type of results
  private record Then<R>(Http http, String what, Task<? super Answer, ? extends R> task)
      implements Task<Object, R>, Identified, InputId.Wanted {

    @Override
    public R run(Object item) throws Exception {
      return task.run(http.run(item));
    }

    @Override
    public boolean wantsInputId() {
      return http.wantsInputId();
    }

    @Override
    public String identity() {
      return http.identity() + ", " + (what.isEmpty() ? "map by " + Identified.of(task) : what);
    }
  }
}
