package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A clock that jumps, back or forth, changes nothing but the times that people are shown: whatever
/// waits, or decides, does so by the time that has passed.
class WallClockTest {
  private static final Set<String> CLOCKS =
      Set.of(
          Clock.class.getName(),
          Instant.class.getName(),
          LocalDate.class.getName(),
          LocalDateTime.class.getName(),
          OffsetDateTime.class.getName(),
          ZonedDateTime.class.getName());

  @Test
  void theWallClockIsReadForTimesThatAreShownAndForNothingElse() {
    Set<String> readers = new TreeSet<>();

    for (JavaClass each :
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages("io.fanwise")) {
      Stream.<JavaCall<?>>concat(
              each.getMethodCallsFromSelf().stream(), each.getConstructorCallsFromSelf().stream())
          .filter(WallClockTest::tellsTheTime)
          .forEach(_ -> readers.add(each.getName().replaceAll("\\$.*", "")));
    }

    assertThat(readers)
        .containsExactlyInAnyOrder(
            "io.fanwise.pipeline.Memory", // how old a result is
            "io.fanwise.pipeline.Pipeline", // `created` in run.json, `at` in frames
            "io.fanwise.pipeline.RunFolder", // `since` in the lock
            "io.fanwise.pipeline.Sitting"); // `at` of failures
  }

  private static boolean tellsTheTime(JavaCall<?> call) {
    String owner = call.getTargetOwner().getName();
    String name = call.getName();
    return (owner.equals(System.class.getName()) && name.equals("currentTimeMillis"))
        || owner.equals(Date.class.getName())
        || (CLOCKS.contains(owner) && (name.equals("now") || name.startsWith("system")));
  }
}
