package io.fanwise.pipeline;

import io.fanwise.work.Task;

/// The condition that leaves nothing out.
record Everything() implements Task<Object, Boolean> {

  @Override
  public Boolean run(Object input) {
    return true;
  }
}
