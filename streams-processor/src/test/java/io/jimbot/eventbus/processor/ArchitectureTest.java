package io.jimbot.eventbus.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The package order of the processor: a line may use only the lines below it, and peers do not know
 * one another.
 */
class ArchitectureTest {

  private static final String ROOT = "io.jimbot.eventbus.processor";

  private static final List<Set<String>> ORDER =
      List.of(
          Set.of(""),
          Set.of(".http", ".retention", ".deadletter", ".replay", ".delay", ".schema"),
          Set.of(".topology"),
          Set.of(".kafka"));

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
        .check(CLASSES);
  }

  @Test
  void onlyHttpKnowsTheWebServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".http")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.eclipse.jetty..", "jakarta..")
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
        .haveModifier(JavaModifier.FINAL)
        .check(CLASSES);
  }

  private static String layer(String name) {
    return name.isEmpty() ? "assembly" : name.substring(1);
  }
}
