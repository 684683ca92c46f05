package io.fanwise;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/// Who may know whom: the arrows of docs/architecture.md, and what the house does without.
@AnalyzeClasses(packages = "io.fanwise", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {
  private static final String[] PLATFORM = {"java..", "jdk.jfr..", "org.jspecify.."};

  @ArchTest static final ArchRule whatTravelsKnowsNobody = mayKnow("io.fanwise.work");

  @ArchTest
  static final ArchRule theSpiKnowsOnlyWhatTravels = mayKnow("io.fanwise.spi", "io.fanwise.work");

  @ArchTest
  static final ArchRule aBackendSeesOnlyTheSpi =
      mayKnow("io.fanwise.backends", "io.fanwise.spi", "io.fanwise.work");

  @ArchTest
  static final ArchRule theCoreHasNoDependencies =
      mayKnow("io.fanwise", "io.fanwise.backends", "io.fanwise.spi", "io.fanwise.work");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().assignedFrom(new ByPackage()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theLibraryPrintsNothing = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  @ArchTest
  static final ArchRule nothingHidesInThreadLocals =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ThreadLocal.class)
          .because("one ScopedValue holds what a task may know about its run");

  private static ArchRule mayKnow(String from, String... others) {
    return classes()
        .that()
        .resideInAPackage(from)
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(from)
                .or(JavaClass.Predicates.resideInAnyPackage(others))
                .or(JavaClass.Predicates.resideInAnyPackage(PLATFORM)));
  }

  static final class WithoutTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/");
    }
  }

  private static final class ByPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
