/// What travels to a worker and runs there: the task, a batch of inputs, what became of them.
///
/// It needs nothing but Java 17, so it runs inside old clusters as well as on the newest JDK.
@SuppressWarnings("module") // the worker JVMs' own module is no part of this one's compilation
module io.fanwise.work {
  requires static org.jspecify;
  requires jdk.jfr;

  exports io.fanwise.codec to
      io.fanwise.pipeline,
      io.fanwise.processes;
  exports io.fanwise.work;
}
