package io.fanwise.shared;

public final class Shared {
  private Shared() {}
}
