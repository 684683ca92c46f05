package io.fanwise.pipeline;

/// What comes of an input that the pipeline's condition leaves out: nothing to be written.
enum LeftOut {
  LEFT_OUT
}
