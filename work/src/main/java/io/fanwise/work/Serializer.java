package io.fanwise.work;

import java.io.Serializable;

/// Turns values into bytes and back, in the place of the JDK's object streams: for objects of plain
/// classes, serializable or not. Strings, numbers, arrays, records, collections of these and the
/// like have a form of their own and do not need it.
///
/// It is sent to each worker, so it is best a record without components or a class that makes what
/// it needs when first asked. Must be safe for use by many threads.
public interface Serializer extends Serializable {

  /// Turns a value into bytes.
  ///
  /// @param value not null
  /// @return the bytes
  /// @throws Exception if it cannot be done; the input, result or task then fails with it
  byte[] write(Object value) throws Exception;

  /// Turns bytes into a value again.
  ///
  /// @param bytes what [#write] returned, in another JVM
  /// @param loader has the classes of the task
  /// @return the value, not null
  /// @throws Exception if it cannot be done; the input or result then fails with it
  Object read(byte[] bytes, ClassLoader loader) throws Exception;
}
