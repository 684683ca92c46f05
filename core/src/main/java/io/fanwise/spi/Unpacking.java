package io.fanwise.spi;

import java.util.Optional;

/// A task that is given parcels: each of its inputs has another one in it, which is what users know
/// of. So that is what rates tell apart and weigh.
public interface Unpacking {

  /// What is in one of its inputs. This is asked on the caller's thread.
  ///
  /// @param input the parcel
  /// @return what is in it; empty if that cannot be found out: then it waits for nobody, as it will
  ///   fail before it asks anything of a service
  Optional<Object> unpacked(Object input);
}
