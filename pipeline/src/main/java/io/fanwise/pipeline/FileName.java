package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Set;

/// Names that are good on every system, and lead nowhere but below a folder.
final class FileName {
  /// The parts of a folder's name that all usual file systems take.
  private static final int LONGEST_PART = 255;

  /// Of a path, with its folder: what Linux takes is 4096.
  private static final int LONGEST = 2_000;

  private static final String RESERVED_CHARACTERS = "<>:\"\\|?*";
  private static final Set<String> DEVICES =
      Set.of(
          "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7",
          "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

  private FileName() {}

  /// Looks at a name that may come from anywhere.
  ///
  /// @return the name
  /// @throws IllegalArgumentException if it is not good
  static String checked(String name) {
    int length = name.getBytes(UTF_8).length;
    if (length > LONGEST) {
      throw bad(
          name.substring(0, 60) + "…", "it has %d bytes, more than %d".formatted(length, LONGEST));
    }
    for (String part : name.split("/", -1)) {
      check(name, part);
    }
    return name;
  }

  private static void check(String name, String part) {
    if (part.isEmpty() || part.equals(".") || part.equals("..")) {
      throw bad(name, "it leads elsewhere: a name is a path below the folder");
    }
    if (part.equals(FolderOutput.OWN)) {
      throw bad(name, part + " is where the state of the folder is");
    }
    if (part.getBytes(UTF_8).length > LONGEST_PART) {
      throw bad(part.substring(0, 60) + "…", "it has more than " + LONGEST_PART + " bytes");
    }
    for (int i = 0; i < part.length(); i++) {
      char each = part.charAt(i);
      if (each < ' ' || each == 0x7F || RESERVED_CHARACTERS.indexOf(each) >= 0) {
        throw bad(
            name,
            "it has the character 0x%02X, which not every system takes".formatted((int) each));
      }
      if (Character.isSurrogate(each)
          && !Character.isSurrogatePair(each, i + 1 < part.length() ? part.charAt(i + 1) : ' ')
          && (i == 0 || !Character.isSurrogatePair(part.charAt(i - 1), each))) {
        throw bad(name, "it is not Unicode");
      }
    }
    if (part.endsWith(".") || part.endsWith(" ")) {
      throw bad(name, "it ends with a dot or a space, which not every system keeps");
    }
    int dot = part.indexOf('.');
    if (DEVICES.contains(
        (dot < 0 ? part : part.substring(0, dot)).strip().toLowerCase(Locale.ROOT))) {
      throw bad(name, "it is a device on Windows");
    }
  }

  private static IllegalArgumentException bad(String name, String reason) {
    return new IllegalArgumentException(
        "no file can be named \"%s\": %s".formatted(printable(name), reason));
  }

  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "·");
  }
}
