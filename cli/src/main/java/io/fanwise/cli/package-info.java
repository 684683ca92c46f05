/// The command `fan`: one function, or one program, over very many inputs.
///
/// ```
/// inputs ──▶ Feed ──▶ Fan ──▶ Session ──▶ results, failures
///                               │
///                               └──▶ Screen: progress, what failed, the summary
/// ```
@NullMarked
package io.fanwise.cli;

import org.jspecify.annotations.NullMarked;
