package io.fanwise.codec;

/// Classes by their names, arrays and primitive types included.
final class Types {
  private Types() {}

  static Class<?> element(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return element;
  }

  static Class<?> find(String name, Passage passage) throws ClassNotFoundException {
    int dimensions = 0;
    while (dimensions < name.length() && name.charAt(dimensions) == '[') {
      dimensions++;
    }
    if (dimensions == 0) {
      Class<?> primitive = primitive(name);
      return primitive != null ? primitive : passage.find(name);
    }
    if (dimensions > 255 || dimensions == name.length()) {
      throw new ClassNotFoundException(name);
    }
    String element = name.substring(dimensions);
    Class<?> type;
    if (element.startsWith("L") && element.endsWith(";")) {
      type = passage.find(element.substring(1, element.length() - 1));
    } else if (element.length() == 1) {
      return Class.forName(name);
    } else {
      throw new ClassNotFoundException(name);
    }
    for (int i = 0; i < dimensions; i++) {
      type = type.arrayType();
    }
    return type;
  }

  private static @org.jspecify.annotations.Nullable Class<?> primitive(String name) {
    return switch (name) {
      case "boolean" -> boolean.class;
      case "byte" -> byte.class;
      case "short" -> short.class;
      case "char" -> char.class;
      case "int" -> int.class;
      case "long" -> long.class;
      case "float" -> float.class;
      case "double" -> double.class;
      case "void" -> void.class;
      default -> null;
    };
  }
}
