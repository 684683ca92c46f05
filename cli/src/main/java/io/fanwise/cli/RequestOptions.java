package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.http.Http;
import io.fanwise.http.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// What is asked of a web service, as the user types it. Confined to the thread that runs the
/// command.
final class RequestOptions {
  private static final Pattern REQUEST = Pattern.compile("([A-Za-z]+)\\s+(\\S.*)");

  /// What these hold is nobody's business, and the command line is noted where runs are kept.
  private static final Set<String> SECRET =
      Set.of("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key");

  @Option(
      names = "-H",
      paramLabel = "'NAME: VALUE'",
      description = "Send this header; several times for several.")
  List<String> headers = new ArrayList<>();

  @Option(
      names = "--query",
      paramLabel = "NAME=VALUE",
      description = "Add this to the query of the URL; several times for several.")
  List<String> queries = new ArrayList<>();

  @Option(
      names = {"-d", "--data"},
      paramLabel = "TEXT|@FILE",
      description = "Send this body, as text; or what is in a file. Then the method is POST.")
  Optional<String> data = Optional.empty();

  @Option(
      names = "--json",
      paramLabel = "JSON|@FILE",
      description =
          "Send this body, as JSON: '{\"id\": {id}, \"text\": \"Say {word}\"}'. Then the method is POST.")
  Optional<String> json = Optional.empty();

  @Option(
      names = "--bearer-env",
      paramLabel = "NAME",
      description = "Send the token in this variable of the environment: Authorization: Bearer.")
  Optional<String> bearerEnv = Optional.empty();

  @Option(
      names = "--bearer-file",
      paramLabel = "FILE",
      description = "The same with the token in a file.")
  Optional<Path> bearerFile = Optional.empty();

  @Option(
      names = "--basic-env",
      paramLabel = "USER:NAME",
      description =
          "Send a user's name and the password in a variable of the environment: Authorization: Basic.")
  Optional<String> basicEnv = Optional.empty();

  @Option(
      names = "--idempotency-key",
      description =
          "Send an Idempotency-Key that is the same for each attempt on an input, also when the run"
              + " goes on, and differs between runs: {run}-{index}. Then POST and PATCH are tried again.")
  boolean idempotencyKey;

  /// The task that a request describes.
  ///
  /// @param request `GET https://…`, or a URL alone
  /// @throws IllegalArgumentException if it makes no sense
  Http http(String request) {
    Matcher written = REQUEST.matcher(request.strip());
    boolean named = written.matches();
    String usual = data.isPresent() || json.isPresent() ? "POST" : "GET";
    Http http =
        Http.of(
            named ? written.group(1).toUpperCase(Locale.ROOT) : usual,
            named ? written.group(2) : request.strip());
    for (String each : headers) {
      http = header(http, each);
    }
    for (String each : queries) {
      int equals = each.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "'%s' is no part of a query; write --query 'page={page}'".formatted(each));
      }
      http = http.query(each.substring(0, equals), each.substring(equals + 1));
    }
    return withBody(authorized(idempotencyKey ? http.idempotencyKey() : http));
  }

  private static Http header(Http http, String written) {
    int colon = written.indexOf(':');
    String name = colon < 0 ? written : written.substring(0, colon).strip();
    if (colon < 1 || name.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' is no header; write -H 'Name: value'".formatted(name));
    }
    String value = written.substring(colon + 1).strip();
    if (SECRET.contains(name.toLowerCase(Locale.ROOT)) && value.indexOf('{') < 0) {
      throw new IllegalArgumentException(
          "the header %s holds a secret, which everybody would see in the list of processes and in the state of the run: name the variable or file that has it, -H '%s: {env:NAME}' or {file:PATH}"
              .formatted(name, name));
    }
    return http.header(name, value);
  }

  private Http authorized(Http http) {
    Http authorized = http;
    if (bearerEnv.isPresent()) {
      authorized = authorized.bearer(Secret.env(bearerEnv.get()));
    }
    if (bearerFile.isPresent()) {
      authorized = authorized.bearer(Secret.file(bearerFile.get()));
    }
    if (basicEnv.isPresent()) {
      String[] parts = basicEnv.get().split(":", 2);
      if (parts.length < 2) {
        throw new IllegalArgumentException(
            "--basic-env wants a user's name and the name of a variable, such as ada:ADAS_PASSWORD");
      }
      authorized = authorized.basic(parts[0], Secret.env(parts[1]));
    }
    if (List.of(bearerEnv, bearerFile, basicEnv).stream().filter(Optional::isPresent).count() > 1) {
      throw new IllegalArgumentException(
          "--bearer-env, --bearer-file and --basic-env exclude each other: a request has one"
              + " Authorization");
    }
    return authorized;
  }

  private Http withBody(Http http) {
    if (data.isPresent() && json.isPresent()) {
      throw new IllegalArgumentException("a request has one body: leave out --data or --json");
    }
    if (json.isPresent()) {
      return http.jsonBody(whole(json.get()));
    }
    if (data.isEmpty()) {
      return http;
    }
    try {
      return http.body(whole(data.get()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "; or send JSON by --json", e);
    }
  }

  /// The text itself, or that of the file it names.
  private static String whole(String text) {
    if (!text.startsWith("@")) {
      return text;
    }
    try {
      return Files.readString(Path.of(text.substring(1)), UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read the body in %s: %s".formatted(text.substring(1), Say.message(e)), e);
    }
  }
}
