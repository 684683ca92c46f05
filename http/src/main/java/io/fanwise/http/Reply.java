package io.fanwise.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a server sent back, whole.
///
/// @param status its status
/// @param headers its headers
/// @param body its body, unpacked; of a refusal, the beginning of it
/// @param size how many bytes the whole body has, unpacked
/// @param saved the file it was saved to; null if it is here
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Reply(int status, Headers headers, byte[] body, long size, @Nullable Path saved) {}
