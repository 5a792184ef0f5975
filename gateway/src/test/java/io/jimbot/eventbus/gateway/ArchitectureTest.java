package io.jimbot.eventbus.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import io.jimbot.eventbus.testing.PackageOrder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The package order of the gateway: a line may use only the lines below it, and peers do not know
 * one another.
 */
class ArchitectureTest {

  private static final String ROOT = "io.jimbot.eventbus.gateway";

  private static final PackageOrder ORDER =
      new PackageOrder(
          ROOT,
          List.of(
              Set.of(""),
              Set.of(".http", ".grpc"),
              Set.of(
                  ".delivery.tail",
                  ".delivery.group",
                  ".delivery.queue",
                  ".delivery.history",
                  ".delivery.games",
                  ".delivery.trace"),
              Set.of(
                  ".ingest",
                  ".command",
                  ".deadletter",
                  ".schema",
                  ".delay",
                  ".replay",
                  ".delivery"),
              Set.of(".kafka"),
              Set.of(".telemetry")));

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
  void transportsKnowNoKafkaClient() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".http", ROOT + ".grpc")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .allowEmptyShould(true)
        .check(ORDER.classes());
  }

  @Test
  void theCoreKnowsNoTransport() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".ingest",
            ROOT + ".command",
            ROOT + ".delivery..",
            ROOT + ".kafka",
            ROOT + ".telemetry")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "jakarta.servlet..",
            "jakarta.ws.rs..",
            "org.glassfish.jersey..",
            "org.eclipse.jetty..",
            "io.grpc..")
        .check(ORDER.classes());
  }

  @Test
  void typesAreFinalUnlessTheyAreContracts() {
    ORDER.checkTypesAreFinal();
  }
}
