package io.fanwise.processes;

import io.fanwise.codec.Decoder;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.MalformedFrame;
import io.fanwise.codec.Passage;
import io.fanwise.processes.worker.Children;
import io.fanwise.processes.worker.Control;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Hello;
import io.fanwise.processes.worker.Line;
import io.fanwise.processes.worker.Printed;
import io.fanwise.processes.worker.Question;
import io.fanwise.shared.Broker;
import io.fanwise.shared.Peer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One worker JVM: its process, and what connects it with this one. Safe for use by many threads.
final class WorkerJvm {
  /// Its end of the connection breaks a moment before the process is known to have ended.
  private static final long EXIT_MILLIS = 1_000;

  /// How a process ends over a signal: with this and its number.
  private static final int SIGNALLED = 128;

  /// How a JVM ends that has crashed.
  private static final int ABORTED = 134;

  /// How a process ends that was killed.
  private static final int KILLED = 137;

  /// What the worker asks, and the answers, consist of classes that both sides have.
  private static final Passage BETWEEN_US = Passage.within(Question.class.getClassLoader());

  /// The other end has nothing more to say, and yet its frame is not whole: after so many looks it
  /// is taken for mad. Looks, not time, since this JVM may be stopped as well.
  private static final int PATIENCE = 10;

  private final Session session;
  private final int number;
  private final String name;
  private final Log log;
  private final Path crashes;
  private final String prefix;
  private final Process process;
  private final Control control;
  private final Command command;
  private final Role.Kind kind;
  private final Children children;
  private final CompletableFuture<Line> line = new CompletableFuture<>();
  private final CompletableFuture<Process> exit = new CompletableFuture<>();
  private final Peer peer;
  private final Future<?> watch;
  private volatile boolean mad;

  /// Whether this JVM has seen to its end.
  private volatile boolean unwanted;

  /// Whether it has been told that there is nothing more to do.
  private volatile boolean leaving;

  private long waitsSince;
  private int looks;
  private volatile boolean ended;

  private WorkerJvm(
      Session session,
      int number,
      Role role,
      Log log,
      Path crashes,
      String prefix,
      Process process,
      Control control,
      Command command) {
    this.session = session;
    this.number = number;
    this.name = role.name(number);
    this.kind = role.kind();
    this.children = session.children(number);
    this.log = log;
    this.crashes = crashes;
    this.prefix = prefix;
    this.process = process;
    this.control = control;
    this.peer = Broker.peer(name);
    this.command = command;
    this.watch = Warden.often(this::look);
  }

  /// Starts one; does not wait for it.
  static WorkerJvm start(Processes description) throws IOException {
    return start(description, Role.WORKER);
  }

  /// Starts one for something else than to work in a pool; does not wait for it.
  ///
  /// @throws IOException if the system has not enough of something; nothing is left then
  static WorkerJvm start(Processes description, Role role) throws IOException {
    Session session = Session.current();
    int number = session.nextNumber();
    Path page = session.directory().resolve("c" + number);
    Path place = description.is().care().logs().orElse(session.directory());
    Log log =
        new Log(place.resolve(role.file(number) + "-" + ProcessHandle.current().pid() + ".log"));
    boolean started = false;
    try {
      WorkerJvm worker = start(description, role, session, number, page, log);
      started = true;
      return worker;
    } catch (OutOfMemoryError e) {
      throw new IOException(String.valueOf(e.getMessage()), e); // of threads, mostly
    } finally {
      if (!started) {
        session.forget(number);
        killed(page);
        Files.deleteIfExists(page);
        Files.deleteIfExists(log.file());
      }
    }
  }

  private static WorkerJvm start(
      Processes description, Role role, Session session, int number, Path page, Log log)
      throws IOException {
    Processes.Description is = description.is();
    Control control = Control.create(page);
    Command command = Command.of(is, session, number, role, page);
    ProcessBuilder builder =
        new ProcessBuilder(command.words())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
    builder.environment().keySet().removeAll(CommandLine.VARIABLES); // they have been inherited
    builder.environment().putAll(is.launch().environment());
    builder.environment().put(Children.VARIABLE, session.children(number).mark());
    if (is.launch().directory().isPresent()) {
      builder.directory(is.launch().directory().get().toFile());
    }
    String prefix = is.care().naming() == Care.Naming.TAGGED ? "[" + role.name(number) + "] " : "";
    Path crashes = is.care().logs().orElse(Path.of(System.getProperty("java.io.tmpdir")));
    Handles.check();
    Process process = builder.start();
    WorkerJvm worker =
        new WorkerJvm(session, number, role, log, crashes, prefix, process, control, command);
    boolean watched = false;
    try {
      session.expect(number, worker);
      try (OutputStream in = process.getOutputStream()) {
        in.write(session.token());
      } catch (IOException e) {
        // it has ended already, which will be noticed
      }
      session.listen();
      worker.watchForItsEnd();
      watched = true;
    } finally {
      if (!watched) {
        worker.kill();
        worker.watch.cancel(false);
        worker.peer.die();
      }
    }
    return worker;
  }

  /// The JDK may have started the process and failed over it then: nobody has a handle of it.
  private static void killed(Path page) {
    try {
      ProcessHandle.current()
          .children()
          .filter(child -> {
            String[] words = child.info().arguments().orElse(new String[0]);
            return List.of(words).contains(page.toString());
          })
          .forEach(ProcessHandle::destroyForcibly);
    } catch (RuntimeException e) {
      // no file handle to look with: it ends by itself, as nobody tells it the secret
    }
  }

  /// Completed when the process has ended.
  CompletableFuture<Process> onExit() {
    return exit;
  }

  /// By a thread of its own: the JDK would have the common pool do it, and that may be waiting for
  /// this very worker.
  private void watchForItsEnd() {
    Thread watcher = new Thread(null, this::awaitEnd, name + "-exit", 0, false);
    watcher.setDaemon(true);
    watcher.start();
  }

  private void awaitEnd() {
    while (true) {
      try {
        process.waitFor();
        exited();
        exit.complete(process);
        return;
      } catch (InterruptedException e) {
        // nobody who knows this thread interrupts it
      }
    }
  }

  /// What it shared is not shared with it any more: before anybody learns of its end.
  void partedFrom() {
    peer.die();
  }

  /// What it writes to its standard streams itself.
  Path log() {
    return log.file();
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  Control control() {
    return control;
  }

  /// Takes a connection that the worker has opened; unless it is for its work, serves it until it
  /// ends.
  ///
  /// @return whether it is in use from now on
  boolean connected(Hello hello, SocketChannel channel) throws IOException {
    switch (hello.line()) {
      case Hello.WORK -> {
        command.cache().ifPresent(cache -> judge(cache, hello));
        return line.complete(new Line(channel));
      }
      case Hello.ASIDE -> answer(new Line(channel));
      case Hello.STATE -> peer.serve(channel);
      default -> throw new MalformedFrame("a line of the unknown kind " + hello.line());
    }
    return false;
  }

  /// What is to become of the cache that the worker has used, or could have used.
  private void judge(AotCache cache, Hello hello) {
    if (!command.usesCache()) {
      AotMaker.plan(cache);
    } else if (hello.classes() == Hello.Classes.SHARED) {
      cache.used();
    } else {
      cache.refuse();
    }
  }

  /// Answers what the worker asks beside its work, for as long as it is there.
  private void answer(Line opened) throws IOException {
    while (true) {
      int frame = opened.next();
      Object asked = new Decoder(opened.content(), BETWEEN_US).value();
      Object answer = null;
      if (frame == Frame.CLASS && asked instanceof Question question) {
        answer = Abroad.CLASSES.ask(question);
      } else if (frame == Frame.OUTPUT && asked instanceof Printed printed) {
        Printer.print(printed.stream() == Printed.Stream.ERR, printed.lines(), prefix);
      } else {
        throw new MalformedFrame("a worker asked for something of the unknown kind " + frame);
      }
      new Encoder(opened.begin(frame, null), BETWEEN_US).value(answer);
      opened.end();
    }
  }

  private void exited() {
    ended = true;
    if (!line.isDone() && process.exitValue() == ABORTED && command.usesCache()) {
      command.cache().ifPresent(AotCache::refuse);
    }
    watch.cancel(false);
    log.cut();
    if (process.exitValue() == 0) {
      peer.leave();
    } else {
      peer.die();
    }
    line.completeExceptionally(new IOException("the process has ended"));
    killOrphans();
    session.forget(number);
  }

  private void killOrphans() {
    if (wasLost(process.exitValue())) {
      children.kill();
    }
  }

  /// Whether it has ended otherwise than it should: nobody looks after what its tasks have started.
  private boolean wasLost(int code) {
    return kind == Role.Kind.WORKER ? code != 0 || !leaving : code > SIGNALLED;
  }

  /// Looks after the worker from time to time, on the warden's thread.
  private void look() {
    log.cut();
    Line open = line.isDone() && !line.isCompletedExceptionally() ? line.getNow(null) : null;
    long since = open == null || control.running() != 0 ? 0 : open.waitsSince();
    looks = since != 0 && since == waitsSince ? looks + 1 : 0;
    waitsSince = since;
    if (looks >= PATIENCE) {
      mad = true;
      kill();
    }
  }

  /// Waits until the worker has connected, however long that takes.
  ///
  /// @throws IOException if it ended before
  Line line() throws IOException {
    while (true) {
      try {
        return line.get();
      } catch (ExecutionException e) {
        throw new IOException("the worker JVM ended before it connected", e.getCause());
      } catch (InterruptedException e) {
        // lanes are not interrupted by anybody who knows them
      }
    }
  }

  /// Whether the process is known to have ended.
  boolean hasEnded() {
    return ended;
  }

  /// Ends the process, since there is no talking to it.
  ///
  /// @return that it has no exit code of its own: -1
  int stopped() {
    kill();
    exitCode();
    return -1;
  }

  /// Ends the process, whatever it is doing.
  void kill() {
    if (!ended) {
      unwanted = true;
      killChildren();
    }
    process.destroyForcibly();
  }

  /// This JVM ends, and may have no time to look after one that has just been lost.
  void end() {
    if (process.isAlive()) {
      kill();
    } else {
      killOrphans();
    }
  }

  /// As far as the system still knows whose they are; the rest when it has ended.
  private void killChildren() {
    try {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    } catch (RuntimeException e) {
      // no file handle to look for them with
    }
  }

  /// It is told now that there is nothing more to do.
  void leaves() {
    leaving = true;
  }

  /// It has been told to end: it is given a moment for that.
  void dismissed() {
    exitCode();
    close(null);
  }

  /// It has been told to end, which nobody waits for.
  void dismissedLater() {
    var _ = exit.thenRun(() -> close(null));
    Warden.killAfter(process);
  }

  /// How much memory it occupies.
  ///
  /// @return bytes; 0 if that is not known
  long residentBytes() {
    try (Stream<String> status = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return status
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(kilobytes -> Long.parseLong(kilobytes) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /// What the process ended with; waits a moment, as it is ending.
  ///
  /// @return the code; -1 if it does not end, or talks nonsense, and is killed therefore
  int exitCode() {
    try {
      if (process.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS)) {
        return mad ? -1 : process.exitValue();
      }
      kill();
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /// Ends the process unless it has ended by itself when its grace is over: politely first.
  void endAfter(Duration grace) {
    unwanted = true;
    Warden.endAfter(process, grace);
  }

  /// What it wrote last, apart from tasks that print.
  LastWords lastWords() {
    LastWords words = LastWords.of(log, session.directory(), crashes, process.pid());
    boolean byUs = unwanted && !process.isAlive() && process.exitValue() == KILLED;
    return byUs ? words.ofOneKilled() : words;
  }

  /// Lets go of everything: it has ended, or is told to.
  void close(@Nullable Line opened) {
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        // gone either way
      }
    }
    try {
      Files.deleteIfExists(session.directory().resolve("c" + number)); // it may not have got so far
      if (log.file().startsWith(session.directory())) {
        Files.deleteIfExists(log.file());
      }
    } catch (IOException e) {
      // the session's end deletes it
    }
  }
}
