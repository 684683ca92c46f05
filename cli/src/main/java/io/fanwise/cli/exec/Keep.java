package io.fanwise.cli.exec;

/// How much of what a program prints is kept, in bytes: of standard output the beginning, of
/// standard error the end. The program runs on undisturbed when it prints more, and
/// [Output#complete] tells.
///
/// @param stdout bytes kept of standard output, from its beginning
/// @param stderr bytes kept of standard error, up to its end
public record Keep(int stdout, int stderr) {

  /// Enough for a file as standard output and a long stack trace as standard error.
  public static final Keep DEFAULT = new Keep(64 << 20, 1 << 20);

  // so that twice as many bytes, and a read more, still fit into an array
  private static final int MOST = 1 << 29;

  public Keep {
    refuse("stdout", stdout);
    refuse("stderr", stderr);
  }

  private static void refuse(String which, int bytes) {
    if (bytes < 0 || bytes > MOST) {
      throw new IllegalArgumentException(
          "bytes kept of " + which + " must be from 0 to " + MOST + ", was " + bytes);
    }
  }
}
