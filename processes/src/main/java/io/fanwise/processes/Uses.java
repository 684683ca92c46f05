package io.fanwise.processes;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/// What the code of some methods of one class file uses: the static fields that it reads and
/// writes, the methods that it calls or makes lambdas of, the classes that it names.
///
/// @param reads static fields that are read
/// @param writes static fields that are written
/// @param calls methods
/// @param types binary names of classes
record Uses(Set<Member> reads, Set<Member> writes, Set<Member> calls, Set<String> types) {

  /// A field or a method, as code names it.
  record Member(String owner, String name, String descriptor) {

    /// Whether a method of the owner's is the one that is meant.
    boolean names(MethodModel method) {
      return method.methodName().equalsString(name) && method.methodType().equalsString(descriptor);
    }
  }

  /// Reads the code of those methods that are asked for.
  static Uses of(byte[] classFile, Predicate<MethodModel> asked) {
    var uses =
        new Uses(
            new LinkedHashSet<>(),
            new LinkedHashSet<>(),
            new LinkedHashSet<>(),
            new LinkedHashSet<>());
    ClassModel model =
        ClassFile.of(
                ClassFile.DebugElementsOption.DROP_DEBUG,
                ClassFile.LineNumbersOption.DROP_LINE_NUMBERS,
                ClassFile.StackMapsOption.DROP_STACK_MAPS)
            .parse(classFile);
    for (MethodModel method : model.methods()) {
      if (asked.test(method)) {
        method.code().ifPresent(code -> code.forEach(uses::element));
      }
    }
    return uses;
  }

  private void element(CodeElement element) {
    switch (element) {
      case FieldInstruction field -> field(field);
      case InvokeInstruction call ->
          call(call.owner().asSymbol(), call.name().stringValue(), call.type().stringValue());
      case InvokeDynamicInstruction dynamic -> dynamic.bootstrapArgs().forEach(this::constant);
      case ConstantInstruction.LoadConstantInstruction load -> constant(load.constantValue());
      case NewObjectInstruction made -> type(made.className().asSymbol());
      case NewReferenceArrayInstruction made -> type(made.componentType().asSymbol());
      case NewMultiArrayInstruction made -> type(made.arrayType().asSymbol());
      case TypeCheckInstruction checked -> type(checked.type().asSymbol());
      default -> {}
    }
  }

  private void field(FieldInstruction field) {
    var member =
        new Member(
            name(field.owner().asSymbol()), field.name().stringValue(), field.type().stringValue());
    if (field.opcode() == Opcode.GETSTATIC) {
      reads.add(member);
    } else if (field.opcode() == Opcode.PUTSTATIC) {
      writes.add(member);
    } else {
      types.add(member.owner());
    }
  }

  private void call(ClassDesc owner, String name, String descriptor) {
    calls.add(new Member(name(owner), name, descriptor));
  }

  private void type(ClassDesc type) {
    types.add(name(type));
  }

  private void constant(ConstantDesc constant) {
    switch (constant) {
      case ClassDesc type -> type(type);
      case DirectMethodHandleDesc handle -> handle(handle);
      case DynamicConstantDesc<?> dynamic -> {
        handle(dynamic.bootstrapMethod());
        dynamic.bootstrapArgsList().forEach(this::constant);
      }
      default -> {}
    }
  }

  private void handle(DirectMethodHandleDesc handle) {
    var member = new Member(name(handle.owner()), handle.methodName(), handle.lookupDescriptor());
    switch (handle.kind()) {
      case STATIC_GETTER -> reads.add(member);
      case STATIC_SETTER -> writes.add(member);
      case GETTER, SETTER -> types.add(member.owner());
      default -> calls.add(member);
    }
  }

  /// The binary name of a class, or of what an array consists of.
  private static String name(ClassDesc type) {
    ClassDesc element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    String descriptor = element.descriptorString();
    return element.isPrimitive()
        ? descriptor
        : descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
  }
}
