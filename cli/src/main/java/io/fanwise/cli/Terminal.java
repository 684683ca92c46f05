package io.fanwise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jspecify.annotations.Nullable;

/// The terminal behind standard input and standard error, if there is one.
interface Terminal {

  /// Whether somebody may be typing the inputs.
  boolean input();

  /// Whether somebody may be looking at the results.
  boolean output();

  /// Whether somebody may be looking at the progress.
  boolean error();

  /// How many columns it has; 0 if that is not known.
  int width();

  /// No terminal at all.
  static Terminal none() {
    return new Terminal() {
      @Override
      public boolean input() {
        return false;
      }

      @Override
      public boolean output() {
        return false;
      }

      @Override
      public boolean error() {
        return false;
      }

      @Override
      public int width() {
        return 0;
      }
    };
  }

  /// That of this process.
  static Terminal system() {
    return new OfTheSystem();
  }

  /// Asks the library only if the system has no file that tells: a run without a terminal starts
  /// faster.
  final class OfTheSystem implements Terminal {
    private @Nullable TerminalProvider provider;

    @Override
    public boolean input() {
      return is(0, SystemStream.Input);
    }

    @Override
    public boolean output() {
      return is(1, SystemStream.Output);
    }

    @Override
    public boolean error() {
      return is(2, SystemStream.Error);
    }

    @Override
    public int width() {
      try {
        return Math.max(0, provider().systemStreamWidth(SystemStream.Error));
      } catch (IOException | RuntimeException | LinkageError e) {
        return 0;
      }
    }

    private boolean is(int descriptor, SystemStream stream) {
      try {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.isSymbolicLink(link)) {
          String device = Files.readSymbolicLink(link).toString();
          return device.startsWith("/dev/pts/")
              || device.startsWith("/dev/tty")
              || device.equals("/dev/console");
        }
        return provider().isSystemStream(stream);
      } catch (IOException | RuntimeException | LinkageError e) {
        return false;
      }
    }

    private TerminalProvider provider() throws IOException {
      TerminalProvider known = provider;
      if (known == null) {
        known = TerminalProvider.load("ffm");
        provider = known;
      }
      return known;
    }
  }
}
