package io.fanwise.processes.worker;

import java.util.List;

/// What a worker JVM asks its parent about one of the parent's class loaders. Immutable.
///
/// @param loader the number of the class loader, as the parent gave it
/// @param wanted what kind of thing is asked for
/// @param name the binary name of a class (`com.acme.Report$Line`), or the path of a resource
/// @param known content hashes of classes of this name that need not be sent again
public record Question(int loader, Wanted wanted, String name, List<String> known) {

  /// The number of the application class loader and of those above it.
  public static final int HOME = 0;

  /// What can be asked for.
  public enum Wanted {
    /// The class of that name.
    CLASS,
    /// The first resource of that name.
    RESOURCE,
    /// All resources of that name.
    RESOURCES
  }

  /// Keeps its own copy of the hashes.
  public Question {
    known = List.copyOf(known);
  }
}
