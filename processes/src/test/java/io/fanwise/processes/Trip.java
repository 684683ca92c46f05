package io.fanwise.processes;

import io.fanwise.processes.worker.Answer;
import io.fanwise.processes.worker.Question;
import io.fanwise.processes.worker.ShippedClasses;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The way of a value from a parent to a worker, both in this JVM: what is on the other side has
/// only the classes that were asked for.
final class Trip {

  final Origins origins = new Origins();
  final ParentClasses parent = new ParentClasses(origins);
  final List<Question> questions = new CopyOnWriteArrayList<>();
  final List<Answer> answers = new CopyOnWriteArrayList<>();
  final ShippedClasses worker;

  Trip() {
    this(Trip.class.getClassLoader());
  }

  Trip(ClassLoader workers) {
    worker =
        new ShippedClasses(
            question -> {
              Answer answer = parent.ask(question);
              questions.add(question);
              answers.add(answer);
              return answer;
            },
            workers);
  }

  @SuppressWarnings("unchecked")
  <T> T there(T value) throws IOException, ClassNotFoundException {
    ClassLoader loader = value.getClass().getClassLoader();
    return (T) read(origins.number(loader), written(loader, value));
  }

  byte[] written(@Nullable ClassLoader loader, Object value) throws IOException {
    return written(loader, value, _ -> {});
  }

  byte[] written(@Nullable ClassLoader loader, Object value, Consumer<Class<?>> sends)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out =
        new ObjectOutputStream(bytes) {
          @Override
          protected void annotateClass(Class<?> type) {
            parent.sends(loader, type);
            sends.accept(type);
          }
        }) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  Object read(int loader, byte[] bytes) throws IOException, ClassNotFoundException {
    try (var in =
        new ObjectInputStream(new ByteArrayInputStream(bytes)) {
          @Override
          protected Class<?> resolveClass(ObjectStreamClass type) throws ClassNotFoundException {
            return worker.find(loader, type.getName());
          }
        }) {
      return in.readObject();
    }
  }

  long sent() {
    return answers.stream().filter(Answer.Code.class::isInstance).count();
  }
}
