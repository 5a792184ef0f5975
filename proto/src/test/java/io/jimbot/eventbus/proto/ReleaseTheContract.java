package io.jimbot.eventbus.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/**
 * Makes the current contract the released one. A step of a release and not a test: its name keeps
 * it out of the build, and it runs only when it is asked for, with {@code mvn -pl proto test
 * -Dtest=ReleaseTheContract}.
 */
final class ReleaseTheContract {

  @Test
  void writeTheCurrentContractUnlessItBreaksTheReleasedOne() throws IOException {
    if (Files.exists(Contract.RELEASED)) {
      assertThat(DescriptorComparison.of(Contract.released(), Contract.current()).breakingChanges())
          .as("a contract that breaks the released one belongs into a package of its own")
          .isEmpty();
    }
    Files.createDirectories(Contract.RELEASED.getParent());
    Files.write(Contract.RELEASED, Contract.current().toByteArray());
  }
}
