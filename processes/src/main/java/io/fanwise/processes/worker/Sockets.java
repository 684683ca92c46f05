package io.fanwise.processes.worker;

import java.nio.channels.spi.SelectorProvider;

/// Where this JVM has its sockets from.
final class Sockets {
  private static final String CHOICE = "java.nio.channels.spi.SelectorProvider";
  private static final String USUAL = "sun.nio.ch.EPollSelectorProvider";

  private Sockets() {}

  /// From the JDK, where that is known, unless the user has named somebody else. To find out
  /// whether there is somebody else, the JDK would look into every jar of the class path.
  static void ofTheJdk() {
    if (System.getProperty(CHOICE) != null || !isThere()) {
      return;
    }
    System.setProperty(CHOICE, USUAL);
    try {
      SelectorProvider.provider();
    } finally {
      System.clearProperty(CHOICE);
    }
  }

  private static boolean isThere() {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return false;
    }
    try {
      Class.forName(USUAL, false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false; // another JDK
    }
  }
}
