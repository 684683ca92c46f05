/// Calls of web services as tasks: requests made of each input, answers judged by what is worth
/// another attempt.
///
/// [io.fanwise.http.Http] is where to begin.
@NullMarked
package io.fanwise.http;

import org.jspecify.annotations.NullMarked;
