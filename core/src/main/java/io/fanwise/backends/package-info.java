/// The backends that need nothing but the JDK.
@NullMarked
package io.fanwise.backends;

import org.jspecify.annotations.NullMarked;
