package io.fanwise.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// A lambda or method reference, as the class that it is written in and the values that it
/// captures.
///
/// The JDK's object streams could do it too, but creating the first one to read from costs a cold
/// JVM more than all the rest of a first task.
final class Closure {
  private Closure() {}

  static void write(Object lambda, Encoder encoder, Output out) throws IOException {
    SerializedLambda form = form(lambda);
    Class<?> home = home(lambda, form);
    out.u8(Tag.LAMBDA);
    encoder.type(home);
    out.string(form.getFunctionalInterfaceClass());
    out.string(form.getFunctionalInterfaceMethodName());
    out.string(form.getFunctionalInterfaceMethodSignature());
    out.u8(form.getImplMethodKind());
    out.string(form.getImplClass());
    out.string(form.getImplMethodName());
    out.string(form.getImplMethodSignature());
    out.string(form.getInstantiatedMethodType());
    @Nullable Object[] captured = new Object[form.getCapturedArgCount()];
    for (int i = 0; i < captured.length; i++) {
      captured[i] = form.getCapturedArg(i);
    }
    encoder.all(captured);
  }

  private static Class<?> home(Object lambda, SerializedLambda form) {
    String name = form.getCapturingClass().replace('/', '.');
    try {
      return Class.forName(name, false, lambda.getClass().getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new CannotTravel("a lambda is written in " + name + ", which no other JVM can find", e);
    }
  }

  /// What a lambda consists of.
  ///
  /// @throws Unfit if it is none
  static SerializedLambda form(Object lambda) {
    try (Form form = new Form()) {
      form.writeObject(lambda);
      if (form.form != null) {
        return form.form;
      }
    } catch (IOException e) {
      throw new CannotTravel("a lambda does not say what it consists of: " + e, e);
    }
    throw new Unfit(lambda);
  }

  /// Whether the first captured value is what the method is called on.
  static boolean isOfInstance(SerializedLambda form) {
    int kind = form.getImplMethodKind();
    return form.getCapturedArgCount() > 0
        && (kind == MethodHandleInfo.REF_invokeVirtual
            || kind == MethodHandleInfo.REF_invokeSpecial
            || kind == MethodHandleInfo.REF_invokeInterface);
  }

  /// As what a captured value is declared; Object if that is not known.
  static Class<?> parameter(SerializedLambda form, int index, @Nullable ClassLoader loader) {
    try {
      return index < 0
          ? Class.forName(form.getImplClass().replace('/', '.'), false, loader)
          : MethodType.fromMethodDescriptorString(form.getImplMethodSignature(), loader)
              .parameterType(index);
    } catch (ClassNotFoundException | TypeNotPresentException | IndexOutOfBoundsException e) {
      return Object.class;
    }
  }

  static @Nullable Object read(Decoder decoder, Input in) throws IOException {
    Class<?> home = decoder.type();
    Words words =
        new Words(
            in.string(),
            in.string(),
            in.string(),
            in.u8(),
            in.string(),
            in.string(),
            in.string(),
            in.string());
    @Nullable Object[] captured = decoder.parts(in.length());
    if (home == null || decoder.failed()) {
      return null;
    }
    try {
      return rebuilt(home, words, captured);
    } catch (Throwable e) {
      decoder.fail(e);
    }
    return null;
  }

  /// All of a lambda but the class that it is written in and what it captures, in the order of
  /// [SerializedLambda].
  private record Words(
      String face,
      String faceMethod,
      String faceSignature,
      int kind,
      String implClass,
      String implMethod,
      String implSignature,
      String instantiated) {

    SerializedLambda form(Class<?> home, @Nullable Object[] captured) {
      return new SerializedLambda(
          home,
          face,
          faceMethod,
          faceSignature,
          kind,
          implClass,
          implMethod,
          implSignature,
          instantiated,
          captured);
    }
  }

  /// By a method handle of just this type: reflection would make itself one that takes anything,
  /// which costs a JVM that has just started milliseconds.
  private static Object rebuilt(Class<?> home, Words words, @Nullable Object[] captured)
      throws Throwable {
    Method method = home.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
    try {
      method.setAccessible(true);
    } catch (InaccessibleObjectException e) {
      return throughTheJdk(home, words, captured);
    }
    SerializedLambda form = words.form(home, captured);
    return (Object) MethodHandles.lookup().unreflect(method).invokeExact(form);
  }

  /// The JDK may call what a named module keeps closed to us. The captured values stay here.
  private static Object throughTheJdk(Class<?> home, Words words, @Nullable Object[] captured)
      throws ReflectiveOperationException, IOException {
    @Nullable Object[] held = new Object[captured.length];
    for (int i = 0; i < held.length; i++) {
      held[i] = new Held(i);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(words.form(home, held));
    }
    try (Rebuilt stream = new Rebuilt(bytes.toByteArray(), home, captured)) {
      return stream.readObject();
    }
  }

  /// A captured value's place.
  ///
  /// @param index counted from the first
  private record Held(int index) implements Serializable {}

  /// Catches what a lambda puts in its own place when it is written.
  private static final class Form extends ObjectOutputStream {
    private @Nullable SerializedLambda form;

    Form() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(Object object) {
      if (object instanceof SerializedLambda serialized) {
        form = serialized;
      }
      return null;
    }
  }

  private static final class Rebuilt extends ObjectInputStream {
    private final Class<?> home;
    private final @Nullable Object[] captured;

    Rebuilt(byte[] bytes, Class<?> home, @Nullable Object[] captured) throws IOException {
      super(new ByteArrayInputStream(bytes));
      this.home = home;
      this.captured = captured;
      enableResolveObject(true);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      String name = description.getName();
      if (name.equals(home.getName())) {
        return home;
      }
      return name.equals(Held.class.getName()) ? Held.class : super.resolveClass(description);
    }

    @Override
    protected @Nullable Object resolveObject(@Nullable Object object) {
      return object instanceof Held held ? captured[held.index()] : object;
    }
  }
}
