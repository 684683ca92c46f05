/// Runs one function over very many inputs, in parallel, and never loses anything.
///
/// [io.fanwise.Fan] is where to begin; [io.fanwise.spi] is for those who bring workers of their
/// own.
module io.fanwise {
  requires transitive io.fanwise.work;
  requires static org.jspecify;
  requires jdk.jfr;

  exports io.fanwise;
  exports io.fanwise.spi;

  uses io.fanwise.spi.BackendProvider;

  provides io.fanwise.spi.BackendProvider with
      io.fanwise.backends.Threads.Provider,
      io.fanwise.backends.VirtualThreads.Provider,
      io.fanwise.backends.Sequential.Provider;
}
