package io.jimbot.eventbus.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import io.jimbot.eventbus.testing.PackageOrder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The package order of the processor: a line may use only the lines below it, and peers do not know
 * one another.
 */
class ArchitectureTest {

  private static final String ROOT = "io.jimbot.eventbus.processor";

  private static final PackageOrder ORDER =
      new PackageOrder(
          ROOT,
          List.of(
              Set.of(""),
              Set.of(".http", ".retention", ".deadletter", ".replay", ".delay", ".schema"),
              Set.of(".topology"),
              Set.of(".kafka")));

  @Test
  void aPackageUsesOnlyThoseBelowIt() {
    ORDER.checkUse();
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    ORDER.checkPlaces();
  }

  @Test
  void thereAreNoCycles() {
    ORDER.checkCycles();
  }

  @Test
  void topologiesDoNoInputOrOutputOfTheirOwn() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".topology")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka.clients.admin..", "java.net..", "java.nio.file..", "org.eclipse..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.apache.kafka.streams.KafkaStreams")
        .allowEmptyShould(true)
        .check(ORDER.classes());
  }

  @Test
  void onlyHttpKnowsTheWebServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".http")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.eclipse.jetty..", "jakarta..")
        .check(ORDER.classes());
  }

  @Test
  void typesAreFinalUnlessTheyAreContracts() {
    ORDER.checkTypesAreFinal();
  }
}
