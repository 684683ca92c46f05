package io.fanwise.cli.exec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The functions of glibc 2.34 and newer that start, watch and end processes, on Linux for x86-64
/// and AArch64. The class cannot be initialized where one of them is missing or native access is
/// denied.
///
/// A function that takes `errno` first returns -1 when it fails, and the reason is in there
/// ([#reason]). A call that a signal interrupted is made again.
@SuppressWarnings("restricted")
final class Libc {
  static final int ENOENT = 2;
  static final int E2BIG = 7;
  static final int ENOEXEC = 8;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  private static final int EINTR = 4;

  static final int SIGKILL = 9;
  static final int SIGTERM = 15;
  static final int SIGCONT = 18;
  private static final int SIGPIPE = 13;
  private static final int SIGXFSZ = 25;

  /// Stands for a standard input that has nothing to read.
  static final int NOTHING = -1;

  static final short POLLIN = 1;
  static final MemoryLayout ERRNO = Linker.Option.captureStateLayout();

  private static final int CLOEXEC = 0x80000; // O_CLOEXEC and EFD_CLOEXEC
  private static final int MFD_CLOEXEC = 1;
  private static final int O_RDONLY = 0;
  private static final int SEEK_SET = 0;
  private static final long PIDFD_OPEN = 434;
  private static final int SETPGROUP = 0x02;
  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;

  // glibc's posix_spawn_file_actions_t has 80 bytes, posix_spawnattr_t 336, sigset_t 128
  private static final MemoryLayout ACTIONS = MemoryLayout.sequenceLayout(16, JAVA_LONG);
  private static final MemoryLayout ATTRIBUTES = MemoryLayout.sequenceLayout(64, JAVA_LONG);
  private static final MemoryLayout SIGNALS = MemoryLayout.sequenceLayout(16, JAVA_LONG);

  private static final MemorySegment DEV_NULL = Arena.global().allocateFrom("/dev/null");
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");

  // few shapes: each costs some 3 ms when the class is initialized (so a short is passed as the int
  // C makes of it)
  private static final FunctionDescriptor ONE = FunctionDescriptor.of(JAVA_INT, ADDRESS);
  private static final FunctionDescriptor TWO = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
  private static final FunctionDescriptor NUMBER = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
  private static final FunctionDescriptor NUMBERS =
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT);
  private static final FunctionDescriptor SET = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);
  private static final FunctionDescriptor BYTES =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  private static final MethodHandle POSIX_SPAWNP =
      function(
          "posix_spawnp",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle ACTIONS_INIT = function("posix_spawn_file_actions_init", ONE);
  private static final MethodHandle ACTIONS_DESTROY =
      function("posix_spawn_file_actions_destroy", ONE);
  private static final MethodHandle ADD_DUP2 =
      function(
          "posix_spawn_file_actions_adddup2",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle ADD_OPEN =
      function(
          "posix_spawn_file_actions_addopen",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle ADD_CHDIR =
      function("posix_spawn_file_actions_addchdir_np", TWO);
  private static final MethodHandle ADD_CLOSEFROM =
      function("posix_spawn_file_actions_addclosefrom_np", SET);
  private static final MethodHandle ATTRIBUTES_INIT = function("posix_spawnattr_init", ONE);
  private static final MethodHandle SET_FLAGS = function("posix_spawnattr_setflags", SET);
  private static final MethodHandle SET_DEFAULTS = function("posix_spawnattr_setsigdefault", TWO);
  private static final MethodHandle PIPE2 = function("pipe2", SET, KEEP_ERRNO);
  private static final MethodHandle POLL =
      function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), KEEP_ERRNO);
  private static final MethodHandle READ = function("read", BYTES, KEEP_ERRNO);
  private static final MethodHandle WRITE = function("write", BYTES, KEEP_ERRNO);
  private static final MethodHandle LSEEK =
      function("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle CLOSE = function("close", NUMBER);
  private static final MethodHandle WAITPID =
      function("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), KEEP_ERRNO);
  private static final MethodHandle KILL = function("kill", NUMBERS);
  private static final MethodHandle GETPGID = function("getpgid", NUMBER);
  private static final MethodHandle EVENTFD = function("eventfd", NUMBERS);
  private static final MethodHandle MEMFD_CREATE = function("memfd_create", SET, KEEP_ERRNO);
  private static final MethodHandle SYSCALL =
      function(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT),
          KEEP_ERRNO,
          Linker.Option.firstVariadicArg(1));

  private Libc() {}

  /// Starts a program, found on the PATH of this JVM, and puts its id into `pid`. Returns 0, or
  /// what hindered it.
  static int spawn(
      MemorySegment pid,
      MemorySegment program,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment words,
      MemorySegment environment) {
    try {
      return (int) POSIX_SPAWNP.invokeExact(pid, program, actions, attributes, words, environment);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// What a child does before it becomes the program: it keeps three descriptors and no more, of
  /// which `stdin` may be [#NOTHING], and goes to `directory` unless that is empty.
  static MemorySegment actions(Arena arena, int stdin, int stdout, int stderr, String directory) {
    MemorySegment actions = arena.allocate(ACTIONS);
    try {
      check((int) ACTIONS_INIT.invokeExact(actions));
      if (stdin == NOTHING) {
        check((int) ADD_OPEN.invokeExact(actions, 0, DEV_NULL, O_RDONLY, 0));
      } else {
        check((int) ADD_DUP2.invokeExact(actions, stdin, 0));
      }
      check((int) ADD_DUP2.invokeExact(actions, stdout, 1));
      check((int) ADD_DUP2.invokeExact(actions, stderr, 2));
      check((int) ADD_CLOSEFROM.invokeExact(actions, 3));
      if (!directory.isEmpty()) {
        check((int) ADD_CHDIR.invokeExact(actions, arena.allocateFrom(directory)));
      }
      return actions;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Frees what [#actions] took. The arena cannot: it may free the actions first.
  static void destroy(MemorySegment actions) {
    try {
      check((int) ACTIONS_DESTROY.invokeExact(actions));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// What every child starts as: leader of its own group, with no signal blocked, and with those
  /// signals that runtimes ignore for themselves back to what programs expect. What the user
  /// ignores, as nohup does, stays ignored.
  static MemorySegment attributes(Arena arena) {
    MemorySegment attributes = arena.allocate(ATTRIBUTES);
    MemorySegment defaults = arena.allocate(SIGNALS);
    defaults.set(JAVA_LONG, 0, 1L << (SIGPIPE - 1) | 1L << (SIGXFSZ - 1));
    try {
      check((int) ATTRIBUTES_INIT.invokeExact(attributes));
      check((int) SET_DEFAULTS.invokeExact(attributes, defaults));
      check((int) SET_FLAGS.invokeExact(attributes, SETPGROUP | SETSIGDEF | SETSIGMASK));
      return attributes;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Makes a pipe; `ends` takes the end to read and the end to write.
  static int pipe(MemorySegment errno, MemorySegment ends) {
    try {
      return (int) PIPE2.invokeExact(errno, ends, CLOEXEC);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Waits until one of `count` descriptors is ready, at most so many milliseconds, without end if
  /// negative.
  static int poll(MemorySegment errno, MemorySegment descriptors, long count, int millis) {
    try {
      int ready;
      do {
        ready = (int) POLL.invokeExact(errno, descriptors, count, millis);
      } while (ready < 0 && reason(errno) == EINTR);
      return ready;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long read(MemorySegment errno, int descriptor, MemorySegment target, long bytes) {
    try {
      long count;
      do {
        count = (long) READ.invokeExact(errno, descriptor, target, bytes);
      } while (count < 0 && reason(errno) == EINTR);
      return count;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long write(MemorySegment errno, int descriptor, MemorySegment source, long bytes) {
    try {
      long count;
      do {
        count = (long) WRITE.invokeExact(errno, descriptor, source, bytes);
      } while (count < 0 && reason(errno) == EINTR);
      return count;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Goes back to the beginning of a file.
  static void rewind(int descriptor) {
    try {
      long _ = (long) LSEEK.invokeExact(descriptor, 0L, SEEK_SET);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void close(int descriptor) {
    try {
      // never again after EINTR: on Linux the descriptor is closed by then
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Takes the status of a child of ours that has ended, or waits for it to end.
  static int wait(MemorySegment errno, int pid, MemorySegment status) {
    try {
      int waited;
      do {
        waited = (int) WAITPID.invokeExact(errno, pid, status, 0);
      } while (waited < 0 && reason(errno) == EINTR);
      return waited;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Sends a signal to a whole group.
  static void killGroup(int group, int signal) {
    try {
      int _ = (int) KILL.invokeExact(-group, signal);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// The group of a process, or -1 if there is no such process.
  static int group(int pid) {
    try {
      return (int) GETPGID.invokeExact(pid);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// A descriptor that is ready to read as soon as somebody has written to it.
  static int event() {
    try {
      return (int) EVENTFD.invokeExact(0, CLOEXEC);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// A file in memory, which is gone when nobody has it open.
  static int memory(MemorySegment errno, MemorySegment name) {
    try {
      return (int) MEMFD_CREATE.invokeExact(errno, name, MFD_CLOEXEC);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// A descriptor that is ready to read as soon as the process has ended.
  static int watch(MemorySegment errno, int pid) {
    try {
      return (int) (long) SYSCALL.invokeExact(errno, PIDFD_OPEN, pid, 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Why the last function that was given this `errno` failed.
  static int reason(MemorySegment errno) {
    return errno.get(JAVA_INT, 0);
  }

  /// The variables of this process as C keeps them, byte for byte: an array of `NAME=value`, up to
  /// a null.
  static MemorySegment environment() {
    MemorySegment variable = LINKER.defaultLookup().findOrThrow("environ");
    return variable.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0);
  }

  /// The text at `address`, up to a NUL.
  static String text(MemorySegment address) {
    return address.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /// The address at `index` of an array that nobody told the length of.
  static MemorySegment address(MemorySegment array, long index) {
    return array.reinterpret((index + 1) * ADDRESS.byteSize()).getAtIndex(ADDRESS, index);
  }

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  private static void check(int error) {
    if (error != 0) {
      throw new IllegalStateException("The system refused to prepare a process, error " + error);
    }
  }

  // invokeExact is declared to throw anything; a function of C throws nothing
  private static RuntimeException unexpected(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException exception -> exception;
      case Error error -> throw error;
      default -> new IllegalStateException(thrown);
    };
  }
}
