package io.jimbot.eventbus.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Fails the build on a change that breaks programs or stored events of the last release. */
final class ContractCompatibilityTest {

  private static final Path SOURCES = Path.of("src", "main", "proto");

  @Test
  void theContractBreaksNothingThatWasReleased() {
    List<BreakingChange> changes =
        DescriptorComparison.of(Contract.released(), Contract.current()).breakingChanges();

    assertThat(changes)
        .withFailMessage(
            () ->
                changes.stream()
                    .map(BreakingChange::toString)
                    .collect(
                        Collectors.joining(
                            "\n  ",
                            "The contract breaks what was released (see proto/README.md):\n  ",
                            "\n")))
        .isEmpty();
  }

  @Test
  void everyProtoFileIsPartOfTheComparison() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<String> sources =
          files
              .filter(file -> file.toString().endsWith(".proto"))
              .map(file -> SOURCES.relativize(file).toString().replace('\\', '/'))
              .toList();

      assertThat(Contract.files().keySet()).containsExactlyInAnyOrderElementsOf(sources);
    }
  }

  @Test
  void theReleasedContractHoldsOurOwnFilesOnly() {
    assertThat(Contract.released().getFileList())
        .isNotEmpty()
        .extracting(FileDescriptorProto::getPackage)
        .containsOnly("jimbot.events.v1");
  }
}
