package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  private static @Nullable List<String> of(String... words) {
    String[] all = new String[words.length + 1];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "";
    return CommandLine.plain(all);
  }

  @Test
  void optionsEndWhereTheProgramBegins() {
    assertThat(
            of(
                "/opt/jdk/bin/java",
                "-Da=b",
                "-ea",
                "-cp",
                "a.jar:b",
                "org.acme.Main",
                "-Dnot=this"))
        .containsExactly("-Da=b", "-ea", "-cp=a.jar:b");
    assertThat(of("java", "-Xmx1g", "-jar", "app.jar", "-ea")).containsExactly("-Xmx1g");
    assertThat(of("java", "-p", "mods", "-m", "app/org.acme.Main", "-ea"))
        .containsExactly("-p=mods");
    assertThat(of("java", "--source", "25", "Main.java", "-ea")).containsExactly("--source=25");
  }

  @Test
  void valuesOfTheirOwnWordAreJoinedAsTheJvmDoes() {
    assertThat(
            of(
                "java",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "--enable-preview",
                "Main"))
        .containsExactly("--add-opens=java.base/java.lang=ALL-UNNAMED", "--enable-preview");
  }

  @Test
  void whatCannotBeSeenThereIsLeftToTheJdk() {
    assertThat(of("java", "@options", "Main")).isNull();
    assertThat(of("java", "-XX:VMOptionsFile=options", "Main")).isNull();
    assertThat(of("/opt/jdk/bin/jshell", "-R-ea")).isNull();
    assertThat(of("/opt/app/launcher", "Main")).isNull();
    assertThat(of("java", "-version")).isNull();
    assertThat(of()).isNull();
  }

  @Test
  void itAgreesWithTheJdkAboutThisJvm() throws Exception {
    Path own = Path.of("/proc/self/cmdline");
    assumeTrue(Files.isReadable(own), "a system that shows command lines");
    List<String> plain = CommandLine.plain(Files.readString(own).split("\0", -1));
    assumeTrue(plain != null, "a JVM with a plain command line");

    List<String> known = ManagementFactory.getRuntimeMXBean().getInputArguments();

    assertThat(
            plain.stream()
                .filter(option -> !option.startsWith("-cp=") && !option.startsWith("-classpath=")))
        .containsExactlyElementsOf(known);
  }
}
