package io.fanwise.shared;

import org.jspecify.annotations.Nullable;

/// The way to an object that lives in another JVM: each call is one question and one answer.
///
/// Safe for use by many threads.
// not a record: when this one cannot be reached any more, the object is not needed here any more
final class Remote implements Line {
  private final Connections connections;
  private final Reference reference;

  Remote(Connections connections, Reference reference) {
    this.connections = connections;
    this.reference = reference;
  }

  @Override
  public @Nullable Object call(Verb verb, @Nullable Object... arguments) {
    Message answer = connections.ask(question(verb, 0, arguments), false);
    return answer(answer);
  }

  @Override
  public @Nullable Object await(Verb verb, long patience, @Nullable Object... arguments)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Message answer = connections.ask(question(verb, patience, arguments), true);
    if (answer instanceof Message.Cancelled(var text) && Thread.interrupted()) {
      throw new InterruptedException(text);
    }
    return answer(answer);
  }

  private Message question(Verb verb, long patience, @Nullable Object[] arguments) {
    long thread = Thread.currentThread().threadId();
    return new Message.Ask(
        reference.home(), reference.kind(), reference.id(), verb, thread, patience, arguments);
  }

  private @Nullable Object answer(Message answer) {
    return switch (answer) {
      case Message.Answer(var value) -> value;
      case Message.No(var reason, var text) -> throw new Refused(reason, text).atCaller();
      default ->
          throw new IllegalStateException(
              "the JVM where this shared "
                  + reference.kind().noun()
                  + " lives has given up this worker");
    };
  }

  @Override
  public Reference reference() {
    return reference;
  }

  @Override
  public String toString() {
    return reference.kind().type() + " " + reference.id() + " in another JVM";
  }
}
