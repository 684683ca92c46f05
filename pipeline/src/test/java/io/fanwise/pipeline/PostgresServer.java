package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// PostgreSQL. Safe for use by many threads.
final class PostgresServer extends DatabaseServer {
  private static final List<Path> PLACES =
      ServerProgram.folders(Path.of("/usr/lib/postgresql"), "bin");

  private static @Nullable PostgresServer shared;

  private PostgresServer(ServerProgram program) {
    super(program);
  }

  /// The one that tests share; the test is skipped if PostgreSQL is not installed. What a test has
  /// killed is started again.
  static synchronized PostgresServer shared() throws IOException {
    if (shared == null) {
      shared = begun();
    } else if (!shared.alive()) {
      shared.start();
    }
    return shared;
  }

  private static PostgresServer begun() throws IOException {
    Path initdb = program("initdb");
    ServerProgram program = ServerProgram.in("postgres", "QUIT");
    Path password = Files.writeString(program.folder().resolve("password"), PASSWORD);
    program.prepare(
        List.of(
            initdb.toString(),
            "--pgdata=data",
            "--username=" + USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"));
    PostgresServer server = new PostgresServer(program);
    server.start();
    return server;
  }

  private static Path program(String name) {
    return ServerProgram.find(name, PLACES)
        .orElseGet(() -> ServerProgram.absent(name, "postgresql"));
  }

  /// A page that the system has been given survives what happens to processes.
  @Override
  List<String> command() {
    return List.of(
        program("postgres").toString(),
        "-D",
        folder().resolve("data").toString(),
        "-p",
        Integer.toString(port()),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
        "-c",
        "shared_buffers=16MB",
        "-c",
        "fsync=off");
  }

  @Override
  String firstDatabase() {
    return "postgres";
  }

  @Override
  String url(String name) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
        .formatted(port(), name, USER, PASSWORD);
  }
}
