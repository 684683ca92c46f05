package io.fanwise.pipeline;

import io.fanwise.rows.BadInput;
import io.fanwise.rows.Inputs;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Standard input, which can be read once. Guarded by itself.
final class StandardInput {
  static final Path PATH = Path.of(Inputs.STANDARD_INPUT);

  private static @Nullable InputStream taken;

  private StandardInput() {}

  /// @throws BadInput if it has been taken before
  static synchronized InputStream take() {
    InputStream in = System.in;
    if (in.equals(taken)) {
      throw new BadInput(
          "standard input has been read by this process already: start another one for another run, and give it the same bytes again");
    }
    taken = in;
    return in;
  }
}
