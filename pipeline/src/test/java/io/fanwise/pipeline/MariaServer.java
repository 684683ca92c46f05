package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// MariaDB. Safe for use by many threads.
final class MariaServer extends DatabaseServer {
  private static final List<Path> PLACES = List.of(Path.of("/usr/sbin"), Path.of("/usr/libexec"));

  private static @Nullable MariaServer shared;

  private MariaServer(ServerProgram program) {
    super(program);
  }

  /// The one that tests share; the test is skipped if MariaDB is not installed. What a test has
  /// killed is started again.
  static synchronized MariaServer shared() throws IOException {
    if (shared == null) {
      shared = begun();
    } else if (!shared.alive()) {
      shared.start();
    }
    return shared;
  }

  private static MariaServer begun() throws IOException {
    program("mariadbd");
    Path install = program("mariadb-install-db");
    ServerProgram program = ServerProgram.in("maria", "KILL");
    Files.writeString(
        program.folder().resolve("users.sql"),
        "CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED BY '%s';%nGRANT ALL ON *.* TO '%s'@'%%';%n"
            .formatted(USER, PASSWORD, USER));
    program.prepare(
        List.of(
            install.toString(),
            "--no-defaults",
            "--datadir=" + program.folder().resolve("data"),
            "--auth-root-authentication-method=normal",
            "--skip-name-resolve",
            "--skip-test-db"));
    MariaServer server = new MariaServer(program);
    server.start();
    return server;
  }

  private static Path program(String name) {
    return ServerProgram.find(name, PLACES)
        .orElseGet(() -> ServerProgram.absent(name, "mariadb-server"));
  }

  /// A page that the system has been given survives what happens to processes.
  @Override
  List<String> command() {
    return List.of(
        program("mariadbd").toString(),
        "--no-defaults",
        "--datadir=" + folder().resolve("data"),
        "--socket=" + folder().resolve("socket"),
        "--pid-file=" + folder().resolve("pid"),
        "--port=" + port(),
        "--bind-address=127.0.0.1",
        "--init-file=" + folder().resolve("users.sql"),
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--innodb-buffer-pool-size=16M",
        "--innodb-flush-log-at-trx-commit=2");
  }

  @Override
  String firstDatabase() {
    return "mysql";
  }

  @Override
  String url(String name) {
    return "jdbc:mariadb://127.0.0.1:%d/%s?user=%s&password=%s&sslMode=disable"
        .formatted(port(), name, USER, PASSWORD);
  }
}
