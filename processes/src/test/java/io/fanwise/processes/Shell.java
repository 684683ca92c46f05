package io.fanwise.processes;

import io.fanwise.work.Task;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a notebook calls to run a task on a worker that has none of the notebook's classes.
public final class Shell {

  private static final Trip TRIP = new Trip();
  private static final Map<Integer, ClassLoader> SEEN = new LinkedHashMap<>();

  private Shell() {}

  /// Sends a task with the variables that it reads, runs it there, and says what it gave.
  @SuppressWarnings("unchecked")
  public static <T, R> R run(Task<T, R> task, T input) throws Exception {
    ClassLoader loader = task.getClass().getClassLoader();
    var notebook = new Notebook(TRIP.origins);
    notebook.reads(task);
    byte[] sent = TRIP.written(loader, input, notebook::sends);
    Map<Variable, byte[]> written = new LinkedHashMap<>();
    int before;
    do {
      before = notebook.variables().size();
      for (Variable variable : notebook.variables()) {
        Object value = variable.value();
        if (value != null && !written.containsKey(variable)) {
          written.put(variable, write(loader, notebook, variable, value));
        }
      }
    } while (notebook.variables().size() > before);
    byte[] function = TRIP.written(loader, task);
    int number = TRIP.origins.number(loader);
    SEEN.put(number, loader);
    for (Variable variable : notebook.variables()) {
      byte[] bytes = written.get(variable);
      Object value = bytes == null ? null : TRIP.read(number, bytes);
      TRIP.worker.set(number, variable.className(), variable.field(), value);
    }
    var there = (Task<T, R>) TRIP.read(number, function);
    return there.run((T) TRIP.read(number, sent));
  }

  private static byte[] write(
      ClassLoader loader, Notebook notebook, Variable variable, Object value) {
    try {
      return TRIP.written(loader, value, notebook::sends);
    } catch (IOException e) {
      throw variable.refused(e);
    }
  }

  /// The names of the variables that a task reads, in the order they are set in.
  public static String reads(Task<?, ?> task) {
    var notebook = new Notebook(TRIP.origins);
    notebook.reads(task);
    return notebook.toString();
  }

  /// The names of the variables that a task assigns to.
  public static String assigns(Task<?, ?> task) {
    var notebook = new Notebook(TRIP.origins);
    notebook.reads(task);
    return notebook.assigned().toString();
  }
}
