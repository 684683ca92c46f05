package io.fanwise.http;

import java.nio.file.Path;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What to do with the body of one answer.
///
/// @param limit how many bytes it may have, unpacked
/// @param good which statuses are answers; of others only the beginning is of interest
/// @param file where to save the body of an answer; null to keep it in memory
record Keeping(long limit, IntPredicate good, @Nullable Path file) {
  /// Of what is no answer, so much is kept: errors of web services are shorter.
  static final int EXCERPT = 1 << 16;
}
