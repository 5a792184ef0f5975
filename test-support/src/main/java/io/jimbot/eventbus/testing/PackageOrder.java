package io.jimbot.eventbus.testing;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The order of a module's packages, held by its tests: a line may use only the lines below it, and
 * peers do not know one another. Every check throws an {@link AssertionError}. Immutable.
 */
public final class PackageOrder {

  private final String root;
  private final List<Set<String>> lines;
  private final JavaClasses classes;

  /**
   * Reads the module's classes.
   *
   * @param root the package that all of them are in
   * @param lines the packages below it, from the top: {@code ""} for the root, {@code ".kafka"}
   */
  public PackageOrder(String root, List<Set<String>> lines) {
    this.root = root;
    this.lines = List.copyOf(lines);
    this.classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(root);
  }

  /** The module's classes, without its tests. */
  public JavaClasses classes() {
    return classes;
  }

  /** A package uses only those below it. */
  public void checkUse() {
    Architectures.LayeredArchitecture layers =
        Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(root + "..")
            .withOptionalLayers(true);
    for (Set<String> line : lines) {
      for (String name : line) {
        layers = layers.layer(layer(name)).definedBy(root + name);
      }
    }
    for (int i = 0; i < lines.size(); i++) {
      String[] above =
          lines.subList(0, i).stream()
              .flatMap(Set::stream)
              .map(PackageOrder::layer)
              .toArray(String[]::new);
      for (String name : lines.get(i)) {
        layers =
            above.length == 0
                ? layers.whereLayer(layer(name)).mayNotBeAccessedByAnyLayer()
                : layers.whereLayer(layer(name)).mayOnlyBeAccessedByLayers(above);
      }
    }
    layers.check(classes);
  }

  /** Every package has its place in the order. */
  public void checkPlaces() {
    Set<String> unknown = new TreeSet<>();
    classes.stream().map(JavaClass::getPackageName).forEach(unknown::add);
    lines.forEach(line -> line.forEach(name -> unknown.remove(root + name)));
    if (!unknown.isEmpty()) {
      throw new AssertionError("packages without a place in the order: " + unknown);
    }
  }

  /** No packages use one another. */
  public void checkCycles() {
    slices().matching(root + ".(*)..").should().beFreeOfCycles().check(classes);
  }

  /** Types are final unless they are contracts. */
  public void checkTypesAreFinal() {
    ArchRuleDefinition.classes()
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
        .check(classes);
  }

  private static String layer(String name) {
    return name.isEmpty() ? "assembly" : name.substring(1);
  }
}
