package io.jimbot.eventbus.service;

import static com.tngtech.archunit.core.importer.ImportOption.Predefined.DO_NOT_INCLUDE_TESTS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceRule;
import org.junit.jupiter.api.Test;

/** What the programs stand on is a set of parts that know little of one another. */
class LayersTest {

  private static final String ROOT = "io.jimbot.eventbus.service";

  @Test
  void thereAreNoCycles() {
    SliceRule rule = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    rule.check(new ClassFileImporter().withImportOption(DO_NOT_INCLUDE_TESTS).importPackages(ROOT));
  }
}
