package io.fanwise.shared;

import java.io.Serializable;

/// What travels instead of a shared array: where it is. Immutable.
///
/// @param element what it consists of
/// @param location where its block is
/// @param offset the byte of the block at which it begins
/// @param size how many elements it has
record SharedReference(Element element, Location location, long offset, long size)
    implements Serializable {

  /// The elements, mapped in this JVM.
  Span span() {
    return new Span(Block.at(location), element, offset, size, Span.Hold.LENT);
  }

  /// The shared array, for the JDK's object streams.
  private Object readResolve() {
    return array();
  }

  /// The shared array.
  Object array() {
    return switch (element) {
      case BYTE -> new SharedBytes(span());
      case INT -> new SharedInts(span());
      case LONG -> new SharedLongs(span());
      case DOUBLE -> new SharedDoubles(span());
      case BOOLEAN, SHORT, CHAR, FLOAT ->
          throw new IllegalStateException("there is no shared array of " + element);
    };
  }
}
