package io.jimbot.eventbus.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The package order of the gateway: a line may use only the lines below it, and peers do not know
 * one another.
 */
class ArchitectureTest {

  private static final String ROOT = "io.jimbot.eventbus.gateway";

  private static final List<Set<String>> ORDER =
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
          Set.of(".ingest", ".command", ".deadletter", ".delay", ".replay", ".delivery"),
          Set.of(".kafka"),
          Set.of(".telemetry"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void aPackageUsesOnlyThoseBelowIt() {
    Architectures.LayeredArchitecture layers =
        Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .withOptionalLayers(true);
    for (Set<String> line : ORDER) {
      for (String name : line) {
        layers = layers.layer(layer(name)).definedBy(ROOT + name);
      }
    }
    for (int i = 0; i < ORDER.size(); i++) {
      String[] above =
          ORDER.subList(0, i).stream()
              .flatMap(Set::stream)
              .map(ArchitectureTest::layer)
              .toArray(String[]::new);
      for (String name : ORDER.get(i)) {
        layers =
            above.length == 0
                ? layers.whereLayer(layer(name)).mayNotBeAccessedByAnyLayer()
                : layers.whereLayer(layer(name)).mayOnlyBeAccessedByLayers(above);
      }
    }
    layers.check(CLASSES);
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    Set<String> known =
        ORDER.stream().flatMap(Set::stream).map(name -> ROOT + name).collect(Collectors.toSet());

    assertThat(CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
        .isSubsetOf(known);
  }

  @Test
  void thereAreNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
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
        .check(CLASSES);
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
        .check(CLASSES);
  }

  @Test
  void typesAreFinalUnlessTheyAreContracts() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areNotAnonymousClasses()
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
        .check(CLASSES);
  }

  private static String layer(String name) {
    return name.isEmpty() ? "assembly" : name.substring(1);
  }
}
