package io.fanwise.codec;

import io.fanwise.work.Serializer;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/// What encoding and decoding ask of their surroundings: the classes here, and what to do with
/// large arrays.
public interface Passage {

  /// A passage with the classes of a loader, on which arrays travel as they are.
  ///
  /// @param loader finds the classes
  /// @return a passage; immutable
  static Passage within(ClassLoader loader) {
    return new WithinLoader(loader);
  }

  /// Finds a class by its name; called while decoding.
  ///
  /// @param name as by [Class#getName]; never of an array or a primitive type
  /// @return the class
  /// @throws ClassNotFoundException if there is none
  Class<?> find(String name) throws ClassNotFoundException;

  /// Learns of a class whose name was written; called while encoding, for each at least once a
  /// frame. What it throws ends the frame.
  ///
  /// @param type the class
  default void sends(Class<?> type) {}

  /// From how many bytes on a primitive array is offered to [#standIn].
  ///
  /// @return a number of bytes; read once
  default int threshold() {
    return Integer.MAX_VALUE;
  }

  /// Offers to let something else travel in the place of a value; called while encoding.
  ///
  /// @param value a primitive array of at least [#threshold] bytes, or what otherwise the JDK's
  ///   object streams would be begun for
  /// @return what travels instead, or null for the value itself
  default @Nullable Object standIn(Object value) {
    return null;
  }

  /// Turns what travelled in the place of a value into a value again; called while decoding.
  ///
  /// @param standIn what [#standIn] gave, at the other end
  /// @return the value
  default Object restore(Object standIn) {
    throw new CannotTravel(
        standIn.getClass().getName() + " stands in for a value, but nothing here can restore it");
  }

  /// What is used in the place of the JDK's object streams.
  ///
  /// @return the same at both ends; null for the JDK's
  default @Nullable Serializer serializer() {
    return null;
  }

  /// Where a [#serializer] finds classes; called while decoding.
  ///
  /// @return a class loader
  default ClassLoader loader() {
    return ClassLoader.getSystemClassLoader();
  }

  /// What the JDK's object streams may read here; called while decoding.
  ///
  /// @return a filter, or null for that of the JVM
  default @Nullable ObjectInputFilter filter() {
    return null;
  }
}
