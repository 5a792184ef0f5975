package io.jimbot.eventbus.proto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a schema registry gets to see. */
class ContractTextTest {

  static Stream<String> files() {
    return Contract.files().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileIsAsciiForThereAreRegistriesThatFailAtAnythingElse(String file) throws Exception {
    try (InputStream in = Contract.class.getClassLoader().getResourceAsStream(file)) {
      String text = new String(requireNonNull(in, file).readAllBytes(), UTF_8);

      assertThat(text.lines().filter(line -> line.chars().anyMatch(c -> c > 0x7e))).isEmpty();
    }
  }
}
