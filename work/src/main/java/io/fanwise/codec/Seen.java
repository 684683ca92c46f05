package io.fanwise.codec;

import java.io.InvalidObjectException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was read in this frame and may be referred to again, in the order of [Handles].
///
/// Confined to one thread.
final class Seen {

  /// What stands where a value is not there yet, because its parts come first.
  private enum Place {
    OPEN
  }

  /// What stands where a value could not be rebuilt.
  private record Failed(Throwable why) {}

  /// What stands where a value exists, but not all of its parts are there yet.
  private record Growing(Object value) {}

  private final List<Object> all = new ArrayList<>();
  private boolean looped;

  int size() {
    return all.size();
  }

  /// Forgets all but the first few, and whether there were loops.
  void keep(int count) {
    all.subList(count, all.size()).clear();
    looped = false;
  }

  /// Makes a place for what is read next.
  ///
  /// @return its handle
  int open() {
    all.add(Place.OPEN);
    return all.size() - 1;
  }

  /// Lets parts refer to what they are parts of.
  void grows(int handle, Object value) {
    all.set(handle, new Growing(value));
  }

  void done(int handle, Object value) {
    all.set(handle, value);
  }

  void failed(int handle, Throwable why) {
    all.set(handle, new Failed(why));
  }

  /// Fails all but the classes, if parts referred to what failed later: none of them is whole.
  void failLoops(int from, Throwable why) {
    for (int i = from; looped && i < all.size(); i++) {
      if (!(all.get(i) instanceof Class)) {
        failed(i, why);
      }
    }
  }

  boolean has(int handle) {
    return handle >= 0 && handle < all.size();
  }

  /// Why a value that [#has] been read is not there, or null if it is.
  @Nullable Throwable fault(int handle) {
    Object thing = all.get(handle);
    if (thing instanceof Place) {
      return new InvalidObjectException("a value that contains itself before it exists");
    }
    return thing instanceof Failed failed ? failed.why() : null;
  }

  /// A value without [#fault].
  Object value(int handle) {
    Object thing = all.get(handle);
    if (thing instanceof Growing growing) {
      looped = true;
      return growing.value();
    }
    return thing;
  }
}
