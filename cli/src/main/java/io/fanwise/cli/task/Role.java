package io.fanwise.cli.task;

/// What an expression is there for. Each becomes a class by a name of its own, as both may be sent
/// to the same worker JVM, where a name is one class.
public enum Role {
  /// What is done with each input.
  TASK("FanExpression"),
  /// Which inputs it is done with.
  CONDITION("FanCondition");

  private final String type;

  Role(String type) {
    this.type = type;
  }

  /// The class it becomes. What is generated is called Fan… or fan…, and [Errors] keeps it from the
  /// user.
  String type() {
    return type;
  }
}
