/// Worker JVMs on this host, and memory and state that they share.
module io.fanwise.processes {
  requires transitive io.fanwise;
  requires java.management;
  requires static org.jspecify;

  exports io.fanwise.processes;
  exports io.fanwise.shared;

  provides io.fanwise.spi.BackendProvider with
      io.fanwise.processes.Processes.Provider;
}
