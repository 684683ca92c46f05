package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/// What a user types, and what comes back, without a process of its own.
record Typed(int code, String out, String err) {

  /// The command with nothing on standard input.
  static Typed fan(String... args) {
    return new On("").fan(args);
  }

  /// What standard input has, for the command that follows.
  static On on(String input) {
    return new On(input);
  }

  List<String> lines() {
    return out.lines().toList();
  }

  List<String> said() {
    return err.lines().toList();
  }

  /// A command that reads this.
  record On(String input) {
    Typed fan(String... args) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      InputStream in = new ByteArrayInputStream(input.getBytes(UTF_8));
      return run(in, out, new Stop(), args);
    }
  }

  static Typed run(InputStream in, OutputStream out, Stop stop, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(args, new Streams(in, out, err, Terminal.none()), stop);
    return new Typed(
        code, out instanceof ByteArrayOutputStream b ? b.toString(UTF_8) : "", err.toString(UTF_8));
  }
}
