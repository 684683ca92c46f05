package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.invoke.SerializedLambda;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What tells one piece of code from another: the class it is in, and a digest of its instructions
/// and of those of the methods of the same class that it calls. Names of lambdas and line numbers
/// do not count, so what is changed elsewhere in a file changes nothing. What other classes do is
/// not looked at.
final class CodeIdentity {
  private static final Set<Class<?>> CONSTANTS =
      Set.of(
          String.class,
          Boolean.class,
          Character.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          BigInteger.class,
          BigDecimal.class,
          Duration.class,
          LocalDate.class,
          Instant.class,
          URI.class);

  private final MessageDigest digest;
  private final ClassModel model;
  private final String owner;
  private final Map<String, MethodModel> methods = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Deque<MethodModel> waiting = new ArrayDeque<>();

  private CodeIdentity(ClassModel model, MessageDigest digest) {
    this.model = model;
    this.digest = digest;
    this.owner = model.thisClass().asInternalName();
    model.methods().forEach(method -> methods.put(key(method), method));
  }

  /// The identity of a task.
  ///
  /// @return what it says of itself; else its class, and if the class file can be found, `#` and a
  ///   digest of its code
  static String of(Object task) {
    if (task instanceof Identified identified) {
      return identified.identity();
    }
    SerializedLambda lambda = lambda(task);
    String name =
        lambda == null ? task.getClass().getName() : lambda.getImplClass().replace('/', '.');
    return model(task.getClass().getClassLoader(), name)
        .map(model -> name + "#" + new CodeIdentity(model, sha256()).digest(lambda))
        .orElse(name);
  }

  private String digest(@Nullable SerializedLambda lambda) {
    if (lambda == null) {
      model.methods().forEach(this::visit);
    } else {
      visit(owner, lambda.getImplMethodName() + lambda.getImplMethodSignature());
      for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
        add(captured(lambda.getCapturedArg(i)));
      }
    }
    while (!waiting.isEmpty()) {
      waiting.remove().code().ifPresent(code -> code.forEach(new Body()::add));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /// What a lambda captured counts by its value if that cannot change, and else by its type.
  private static String captured(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    boolean constant = value instanceof Enum<?> || CONSTANTS.contains(value.getClass());
    return constant ? value.toString() : value.getClass().getName();
  }

  private void visit(String of, String key) {
    MethodModel method = of.equals(owner) ? methods.get(key) : null;
    if (method != null) {
      visit(method);
    } else {
      add(of + "." + key);
    }
  }

  private void visit(MethodModel method) {
    boolean lambda = method.methodName().stringValue().startsWith("lambda$");
    add(lambda ? "lambda" + method.methodType().stringValue() : key(method));
    if (seen.add(key(method))) {
      waiting.add(method);
    }
  }

  private static String key(MethodModel method) {
    return method.methodName().stringValue() + method.methodType().stringValue();
  }

  private void add(String part) {
    digest.update(part.getBytes(UTF_8));
    digest.update((byte) 0);
  }

  /// The instructions of one method: labels are told by the order in which they are met.
  private final class Body {
    private final Map<Label, Integer> labels = new HashMap<>();

    void add(CodeElement element) {
      switch (element) {
        case InvokeInstruction call -> {
          put(call);
          visit(
              call.owner().asInternalName(), call.name().stringValue() + call.type().stringValue());
        }
        case InvokeDynamicInstruction call -> {
          put(call);
          put(call.name().stringValue() + call.type().stringValue());
          call.bootstrapArgs().forEach(this::constant);
        }
        case FieldInstruction field -> {
          put(field);
          put(field.owner().asInternalName() + "." + field.name().stringValue());
        }
        case ConstantInstruction constant -> {
          put(constant);
          constant(constant.constantValue());
        }
        case TypeCheckInstruction check -> {
          put(check);
          put(check.type().asInternalName());
        }
        case NewObjectInstruction made -> put("new " + made.className().asInternalName());
        case NewReferenceArrayInstruction made ->
            put("new " + made.componentType().asInternalName());
        case NewMultiArrayInstruction made ->
            put("new " + made.arrayType().asInternalName() + made.dimensions());
        case NewPrimitiveArrayInstruction made -> put("new " + made.typeKind());
        case LoadInstruction load -> put("load " + load.typeKind() + load.slot());
        case StoreInstruction store -> put("store " + store.typeKind() + store.slot());
        case IncrementInstruction increment ->
            put("increment " + increment.slot() + " " + increment.constant());
        case BranchInstruction branch -> {
          put(branch);
          label(branch.target());
        }
        case TableSwitchInstruction choice -> {
          label(choice.defaultTarget());
          choice.cases().forEach(this::choice);
        }
        case LookupSwitchInstruction choice -> {
          label(choice.defaultTarget());
          choice.cases().forEach(this::choice);
        }
        case ExceptionCatch caught -> {
          label(caught.tryStart());
          label(caught.tryEnd());
          label(caught.handler());
          put(caught.catchType().map(type -> type.asInternalName()).orElse("any"));
        }
        case LabelTarget target -> label(target.label());
        case Instruction other -> put(other);
        default -> {
          // line numbers and names of variables
        }
      }
    }

    private void choice(SwitchCase choice) {
      put("case " + choice.caseValue());
      label(choice.target());
    }

    private void constant(ConstantDesc constant) {
      if (constant instanceof DirectMethodHandleDesc method) {
        String of = method.owner().descriptorString();
        visit(of.substring(1, of.length() - 1), method.methodName() + method.lookupDescriptor());
      } else {
        put(constant.toString());
      }
    }

    private void label(Label label) {
      put("label " + labels.computeIfAbsent(label, _ -> labels.size()));
    }

    private void put(Instruction instruction) {
      put(instruction.opcode().name());
    }

    private void put(String part) {
      CodeIdentity.this.add(part);
    }
  }

  private static Optional<ClassModel> model(@Nullable ClassLoader loader, String name) {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(file)
            : loader.getResourceAsStream(file)) {
      return in == null ? Optional.empty() : Optional.of(ClassFile.of().parse(in.readAllBytes()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static @Nullable SerializedLambda lambda(Object task) {
    if (!(task instanceof Serializable) || !task.getClass().isHidden()) {
      return null;
    }
    try (Form form = new Form()) {
      form.writeObject(task);
      return form.lambda;
    } catch (IOException e) {
      return null;
    }
  }

  /// Gets hold of what stands for a lambda in an object stream, and lets nothing into the stream.
  private static final class Form extends ObjectOutputStream {
    private @Nullable SerializedLambda lambda;

    Form() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(Object object) {
      if (object instanceof SerializedLambda form) {
        lambda = form;
      }
      return null;
    }
  }
}
