package io.fanwise.processes;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/// JShell as a notebook kernel has it: in its own JVM, by a loader that shows nobody the bytes of
/// snippets.
final class Kernel implements ExecutionControlProvider, LoaderDelegate {

  private final Map<String, byte[]> typed = new ConcurrentHashMap<>();
  private final Loader loader = new Loader();

  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
    return new DirectExecutionControl(this);
  }

  @Override
  public void load(ClassBytecodes[] classes) {
    for (ClassBytecodes each : classes) {
      typed.put(each.name(), each.bytecodes());
    }
  }

  @Override
  public void classesRedefined(ClassBytecodes[] classes) {
    load(classes);
  }

  @Override
  public void addToClasspath(String path) {}

  @Override
  public Class<?> findClass(String name) throws ClassNotFoundException {
    return loader.loadClass(name);
  }

  private final class Loader extends URLClassLoader {

    Loader() {
      super(new URL[0], Kernel.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = typed.get(name);
      return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
    }
  }
}
