package io.jimbot.eventbus.gateway.command;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class CommandPackageTest {

  private static final String GATEWAY = "io.jimbot.eventbus.gateway";

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(GATEWAY);

  @Test
  void commandsKnowNoTransportAndNoNeighbour() {
    noClasses()
        .that()
        .resideInAPackage(GATEWAY + ".command")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "jakarta.servlet..",
            "jakarta.ws.rs..",
            "org.glassfish..",
            "org.eclipse.jetty..",
            "io.grpc..",
            GATEWAY,
            GATEWAY + ".http",
            GATEWAY + ".ingest")
        .check(classes);
  }

  @Test
  void httpKnowsNoKafkaClient() {
    noClasses()
        .that()
        .resideInAPackage(GATEWAY + ".http")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(classes);
  }
}
