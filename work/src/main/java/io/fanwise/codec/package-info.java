/// Values as bytes, and back: how tasks, inputs and results get from one JVM to another on the same
/// host.
///
/// Common values have a short form of their own ([io.fanwise.codec.Encoder],
/// [io.fanwise.codec.Decoder]); whatever else is serializable goes through the JDK's object streams
/// inside the same bytes.
@NullMarked
package io.fanwise.codec;

import org.jspecify.annotations.NullMarked;
