package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.work.Task;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeIdentityTest {
  @TempDir Path folder;

  @Test
  void theSameCodeCompiledAgainIsTheSame() {
    assertThat(identity("x -> x + 1")).isEqualTo(identity("x -> x + 1"));
  }

  @Test
  void whereItStandsInTheFileDoesNotMatter() {
    String moved = identity("x -> x + 1", "\n\n  Task<Integer, Integer> other = x -> x + 7;\n");

    assertThat(moved).isEqualTo(identity("x -> x + 1"));
  }

  @Test
  void otherInstructionsConstantsAndCallsAreOtherCode() {
    assertThat(
            List.of(
                identity("x -> x + 1"),
                identity("x -> x + 2"),
                identity("x -> x - 1"),
                identity("x -> x > 0 ? 1 : 2"),
                identity("x -> Math.abs(x)"),
                identity("x -> Math.negateExact(x)"),
                identity("x -> switch (x) { case 1 -> 2; default -> 3; }"),
                identity("x -> switch (x) { case 2 -> 2; default -> 3; }")))
        .doesNotHaveDuplicates();
  }

  @Test
  void aMethodOfTheSameClassThatIsCalledCounts() {
    assertThat(identity("x -> helped(x)", "static int helped(int x) { return x + 1; }"))
        .isEqualTo(identity("x -> helped(x)", "static int helped(int x) { return x + 1; }"))
        .isNotEqualTo(identity("x -> helped(x)", "static int helped(int x) { return x + 2; }"));
  }

  @Test
  void whatIsCapturedCountsByItsValue() {
    assertThat(CodeIdentity.of(adding(1)))
        .isEqualTo(CodeIdentity.of(adding(1)))
        .isNotEqualTo(CodeIdentity.of(adding(2)));
  }

  private static Task<Integer, Integer> adding(int more) {
    return x -> x + more;
  }

  private String identity(String lambda, String... members) {
    try {
      Path home = Files.createTempDirectory(folder, "code");
      Path source = home.resolve("Code.java");
      Files.writeString(
          source,
          """
          import io.fanwise.work.Task;
          public class Code {
            %s
            public Task<Integer, Integer> task = %s;
          }
          """
              .formatted(String.join("\n", members), lambda));
      int exit =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, "-cp", System.getProperty("java.class.path"), "" + source);
      assertThat(exit).isZero();
      URL[] path = {URI.create(home.toUri().toString()).toURL()};
      try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
        Class<?> code = loader.loadClass("Code");
        Object made = code.getDeclaredConstructor().newInstance();
        return CodeIdentity.of(code.getField("task").get(made));
      }
    } catch (IOException | ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
