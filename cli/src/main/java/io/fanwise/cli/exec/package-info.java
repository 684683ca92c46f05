/// Starts other programs, many at a time: what stands behind `fan exec`.
///
/// ```
///   CommandTemplate ──expand──▶ Command ──run──▶ Spawner ──▶ Finished(exit, stdout, stderr, duration)
///                                                   │
///                                                   ├── PosixSpawner     posix_spawn, pipes and poll, by FFM (Linux)
///                                                   └── PortableSpawner  ProcessBuilder (everywhere)
/// ```
@NullMarked
package io.fanwise.cli.exec;

import org.jspecify.annotations.NullMarked;
