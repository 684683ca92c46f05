package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.work.Task;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/// A static that is not final is told of, as its value does not travel.
class StaticsTest {

  @Test
  void aStaticThatATaskReadsIsToldOfOnce() throws Exception {
    var first = Statics.warning(lambda(Reading.task()), getClass().getClassLoader());
    var second = Statics.warning(lambda(Reading.task()), getClass().getClassLoader());

    assertThat(first)
        .hasValue(
            "A task of io.fanwise.processes.StaticsTest$Reading reads"
                + " io.fanwise.processes.StaticsTest$Settings.limit, static and not final: worker"
                + " JVMs do not get the value that it has here. Hand it over in a local variable, or"
                + " set it in Processes.initializer.");
    assertThat(second).isEmpty();
  }

  @Test
  void constantsAndTheJdkAreNotToldOf() throws Exception {
    assertThat(Statics.warning(lambda(Pure.task()), getClass().getClassLoader())).isEmpty();
    Task<String, String> jdk = String::trim;
    assertThat(Statics.warning(lambda(jdk), getClass().getClassLoader())).isEmpty();
  }

  private static SerializedLambda lambda(Object task) throws ReflectiveOperationException {
    Method replace = task.getClass().getDeclaredMethod("writeReplace");
    replace.setAccessible(true);
    return (SerializedLambda) replace.invoke(task);
  }

  static final class Settings {
    static int limit = 3;
    static int unread = 4;

    private Settings() {}
  }

  static final class Reading {
    private Reading() {}

    static Task<Integer, Integer> task() {
      return x -> limited(x);
    }

    private static int limited(int x) {
      return Math.min(x, Settings.limit);
    }

    static int unread() {
      return Settings.unread;
    }
  }

  static final class Pure {
    private static final Object LOCK = new Object();

    private Pure() {}

    static Task<Integer, Integer> task() {
      return x -> {
        synchronized (LOCK) {
          return x + 1;
        }
      };
    }
  }
}
