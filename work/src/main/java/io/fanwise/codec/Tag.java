package io.fanwise.codec;

import java.io.Serializable;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The byte in front of a value: what follows, and how.
final class Tag {
  static final int NULL = 0;
  static final int TRUE = 1;
  static final int FALSE = 2;
  static final int BYTE = 3;
  static final int SHORT = 4;
  static final int CHAR = 5;
  static final int INT = 6;
  static final int LONG = 7;
  static final int FLOAT = 8;
  static final int DOUBLE = 9;
  static final int LATIN1 = 10;
  static final int UTF16 = 11;

  /// Something that was there before in this frame.
  static final int SEEN = 12;

  /// What came before of this value does not count: it begins here.
  static final int AGAIN = 13;

  /// The JDK's object streams, in pieces.
  static final int SERIAL = 14;

  static final int SERIALIZER = 254;

  /// Several values of one kind: their number, and the numbers themselves.
  static final int RUN = 15;

  // Values without parts.
  static final int FIRST_SCALAR = 16;
  static final int BIG_INTEGER = 16;
  static final int BIG_DECIMAL = 17;
  static final int UNIQUE_ID = 18;
  static final int ADDRESS = 19;
  static final int PATH = 20;
  static final int BITS = 21;
  static final int DURATION = 22;
  static final int INSTANT = 23;
  static final int DATE = 24;
  static final int TIME = 25;
  static final int DATE_TIME = 26;
  static final int OFFSET = 27;
  static final int ZONE = 28;
  static final int OFFSET_DATE_TIME = 29;
  static final int ZONED_DATE_TIME = 30;
  static final int PERIOD = 31;
  static final int YEAR = 32;
  static final int YEAR_MONTH = 33;
  static final int OPTIONAL_INT = 34;
  static final int OPTIONAL_LONG = 35;
  static final int OPTIONAL_DOUBLE = 36;
  static final int CONSTANT = 37;
  static final int LAST_SCALAR = 37;

  static final int CLASS = 40;
  static final int ENUM = 41;

  // Primitive arrays.
  static final int BOOLEANS = 48;
  static final int BYTES = 49;
  static final int SHORTS = 50;
  static final int CHARS = 51;
  static final int INTS = 52;
  static final int LONGS = 53;
  static final int FLOATS = 54;
  static final int DOUBLES = 55;
  static final int STAND_IN = 56;

  // What exists before its parts do, so that they may refer to it.
  static final int OBJECTS = 64;
  static final int ARRAY_LIST = 65;
  static final int LINKED_LIST = 66;
  static final int ARRAY_DEQUE = 67;
  static final int HASH_SET = 68;
  static final int LINKED_HASH_SET = 69;
  static final int TREE_SET = 70;
  static final int HASH_MAP = 71;
  static final int LINKED_HASH_MAP = 72;
  static final int TREE_MAP = 73;
  static final int CONCURRENT_HASH_MAP = 74;
  static final int ENUM_MAP = 75;

  // What exists only after its parts do.
  static final int FIRST_CLOSED = 80;
  static final int RECORD = 80;
  static final int LAMBDA = 81;
  static final int THROWABLE = 82;
  static final int AS_LIST = 83;
  static final int LIST_OF = 84;
  static final int NULLS_LIST_OF = 85;
  static final int SET_OF = 86;
  static final int MAP_OF = 87;
  static final int OPTIONAL = 88;
  static final int SINGLETON_LIST = 89;
  static final int SINGLETON_SET = 90;
  static final int SINGLETON_MAP = 91;
  static final int ENUM_SET = 92;

  /// Never written: what has no way to travel.
  static final int NONE = 255;

  private static final ClassValue<Integer> OF =
      new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> type) {
          return find(type);
        }
      };

  private Tag() {}

  /// How instances of a class travel.
  static int of(Class<?> type) {
    return OF.get(type);
  }

  private static int find(Class<?> type) {
    if (type.isHidden()) {
      return isLambda(type) ? LAMBDA : NONE;
    }
    if (type.isArray()) {
      if (Types.element(type).isHidden()) {
        return NONE;
      }
      return array(type.getComponentType());
    }
    if (type.isRecord()) {
      return record(type);
    }
    if (Enum.class.isAssignableFrom(type)) {
      return ENUM;
    }
    if (Throwable.class.isAssignableFrom(type)) {
      return THROWABLE;
    }
    if (type.getClassLoader() == null) {
      int tag = platform(type);
      if (tag != NONE) {
        return tag;
      }
    }
    return Serializable.class.isAssignableFrom(type) ? SERIAL : NONE;
  }

  private static int array(Class<?> component) {
    if (!component.isPrimitive()) {
      return OBJECTS;
    }
    return switch (component.descriptorString().charAt(0)) {
      case 'Z' -> BOOLEANS;
      case 'B' -> BYTES;
      case 'S' -> SHORTS;
      case 'C' -> CHARS;
      case 'I' -> INTS;
      case 'J' -> LONGS;
      case 'F' -> FLOATS;
      default -> DOUBLES;
    };
  }

  /// A record that says itself what stands in for it, or whose parts are closed to us, is the
  /// JDK's.
  private static int record(Class<?> type) {
    if (!Serializable.class.isAssignableFrom(type)) {
      return RECORD;
    }
    return declares(type, "writeReplace") || declares(type, "readResolve") || !Shape.isOpen(type)
        ? SERIAL
        : RECORD;
  }

  private static boolean isLambda(Class<?> type) {
    return Serializable.class.isAssignableFrom(type) && declares(type, "writeReplace");
  }

  private static boolean declares(Class<?> type, String name) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == 0) {
        return true;
      }
    }
    return false;
  }

  private static int platform(Class<?> type) {
    Integer exact = Exact.TAGS.get(type);
    if (exact != null) {
      return exact;
    }
    return switch (type.getName()) {
      case "java.util.Arrays$ArrayList" -> AS_LIST;
      case "java.util.ImmutableCollections$List12" -> LIST_OF;
      case "java.util.ImmutableCollections$ListN" -> NULLS_LIST_OF;
      case "java.util.ImmutableCollections$Set12", "java.util.ImmutableCollections$SetN" -> SET_OF;
      case "java.util.ImmutableCollections$Map1", "java.util.ImmutableCollections$MapN" -> MAP_OF;
      case "java.util.Collections$SingletonList" -> SINGLETON_LIST;
      case "java.util.Collections$SingletonSet" -> SINGLETON_SET;
      case "java.util.Collections$SingletonMap" -> SINGLETON_MAP;
      case "java.util.Collections$EmptyList",
          "java.util.Collections$EmptySet",
          "java.util.Collections$EmptyMap" ->
          CONSTANT;
      case "java.time.ZoneRegion" -> ZONE;
      default -> related(type);
    };
  }

  private static int related(Class<?> type) {
    if (Path.class.isAssignableFrom(type)) {
      return PATH;
    }
    if (EnumSet.class.isAssignableFrom(type)) {
      return ENUM_SET;
    }
    if (Serializable.class.isAssignableFrom(type) || !type.getPackageName().equals("java.util")) {
      return NONE;
    }
    // A view of another collection, such as a subList, arrives as a collection of its own.
    if (List.class.isAssignableFrom(type)) {
      return ARRAY_LIST;
    }
    if (java.util.Set.class.isAssignableFrom(type)) {
      return LINKED_HASH_SET;
    }
    if (Map.class.isAssignableFrom(type)) {
      return LINKED_HASH_MAP;
    }
    return Collection.class.isAssignableFrom(type) ? ARRAY_LIST : NONE;
  }

  /// Loaded when the first class is met that has no shorter way.
  private static final class Exact {
    static final Map<Class<?>, Integer> TAGS =
        Map.ofEntries(
            Map.entry(Boolean.class, TRUE),
            Map.entry(Byte.class, BYTE),
            Map.entry(Short.class, SHORT),
            Map.entry(Character.class, CHAR),
            Map.entry(Integer.class, INT),
            Map.entry(Long.class, LONG),
            Map.entry(Float.class, FLOAT),
            Map.entry(Double.class, DOUBLE),
            Map.entry(String.class, LATIN1),
            Map.entry(Class.class, CLASS),
            Map.entry(BigInteger.class, BIG_INTEGER),
            Map.entry(BigDecimal.class, BIG_DECIMAL),
            Map.entry(UUID.class, UNIQUE_ID),
            Map.entry(URI.class, ADDRESS),
            Map.entry(BitSet.class, BITS),
            Map.entry(Duration.class, DURATION),
            Map.entry(Instant.class, INSTANT),
            Map.entry(LocalDate.class, DATE),
            Map.entry(LocalTime.class, TIME),
            Map.entry(LocalDateTime.class, DATE_TIME),
            Map.entry(ZoneOffset.class, OFFSET),
            Map.entry(OffsetDateTime.class, OFFSET_DATE_TIME),
            Map.entry(ZonedDateTime.class, ZONED_DATE_TIME),
            Map.entry(Period.class, PERIOD),
            Map.entry(Year.class, YEAR),
            Map.entry(YearMonth.class, YEAR_MONTH),
            Map.entry(Optional.class, OPTIONAL),
            Map.entry(OptionalInt.class, OPTIONAL_INT),
            Map.entry(OptionalLong.class, OPTIONAL_LONG),
            Map.entry(OptionalDouble.class, OPTIONAL_DOUBLE),
            Map.entry(ArrayList.class, ARRAY_LIST),
            Map.entry(LinkedList.class, LINKED_LIST),
            Map.entry(ArrayDeque.class, ARRAY_DEQUE),
            Map.entry(HashSet.class, HASH_SET),
            Map.entry(LinkedHashSet.class, LINKED_HASH_SET),
            Map.entry(TreeSet.class, TREE_SET),
            Map.entry(HashMap.class, HASH_MAP),
            Map.entry(LinkedHashMap.class, LINKED_HASH_MAP),
            Map.entry(TreeMap.class, TREE_MAP),
            Map.entry(ConcurrentHashMap.class, CONCURRENT_HASH_MAP),
            Map.entry(EnumMap.class, ENUM_MAP));

    private Exact() {}
  }
}
