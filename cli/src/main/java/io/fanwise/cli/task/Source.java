package io.fanwise.cli.task;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import javax.tools.SimpleJavaFileObject;
import org.jline.utils.WCWidth;

/// Java text for the compiler, of which a part is what the user wrote, so that errors can be shown
/// there. Immutable.
final class Source extends SimpleJavaFileObject {

  private final String label;
  private final String written;
  private final int from;
  private final int to;
  private final String before;
  private final String after;

  private Source(
      String label,
      String fileName,
      String written,
      int from,
      int to,
      String before,
      String after) {
    super(uri(fileName), Kind.SOURCE);
    this.label = label;
    this.written = written;
    this.from = from;
    this.to = to;
    this.before = before + "\n".repeat(lineOf(written, from) - 1);
    this.after = "\n" + after;
  }

  /// A file that is the user's from beginning to end.
  static Source file(String path, String written) {
    return new Source(path, "" + Path.of(path).getFileName(), written, 0, written.length(), "", "");
  }

  /// A class around a part of the task on the command line; lines keep their numbers.
  ///
  /// @param role what it is there for
  /// @param written the whole task
  /// @param from where the part begins
  /// @param to where it ends
  static Source around(Role role, String written, int from, int to, String before, String after) {
    return new Source("task", role.type() + ".java", written, from, to, before, after);
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return before + written.substring(from, to) + after;
  }

  /// What people call it.
  String label() {
    return label;
  }

  /// Where the user wrote what stands at a position of the whole; the end of it, for what comes
  /// after.
  int written(long position) {
    return Math.clamp(position - before.length() + from, from, to);
  }

  /// An error as javac shows it: where, what, the line, a caret, and whatever else there is to say.
  String error(long position, String message) {
    int at = written(position);
    int lineStart = written.lastIndexOf('\n', at - 1) + 1;
    int lineEnd = written.indexOf('\n', at);
    String line =
        written.substring(lineStart, lineEnd < 0 ? written.length() : lineEnd).stripTrailing();
    String[] parts = message.split("\\R", 2);
    String rest = parts.length > 1 ? "\n" + parts[1] : "";
    return "%s:%d: error: %s\n%s\n%s^%s"
        .formatted(
            label,
            lineOf(written, at),
            parts[0],
            line,
            padding(written.substring(lineStart, at)),
            rest);
  }

  /// Blanks as wide as text is on a terminal.
  private static String padding(String text) {
    StringBuilder padding = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> padding.append(c == '\t' ? "\t" : " ".repeat(Math.max(0, WCWidth.wcwidth(c)))));
    return padding.toString();
  }

  private static int lineOf(String text, int at) {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  private static URI uri(String fileName) {
    try {
      return new URI("task", null, "/" + fileName, null);
    } catch (URISyntaxException e) {
      throw new BadTask("Cannot compile a file named " + fileName, e);
    }
  }
}
