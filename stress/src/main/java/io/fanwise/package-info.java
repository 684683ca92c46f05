/// What must hold however threads meet: run by JCStress.
@org.jspecify.annotations.NullMarked
package io.fanwise;
