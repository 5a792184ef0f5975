package io.jimbot.eventbus.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorConfigurationTest {

  @Test
  void theDefaultsAreAllowed() throws Exception {
    ProcessorConfiguration configuration = ProcessorConfiguration.load(null, Map.of());

    assertThat(configuration.http().port()).isEqualTo(8081);
    assertThat(configuration.streams().commitInterval()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void aValueThatIsNotAllowedIsNamedByItsKey() {
    assertThatThrownBy(() -> ProcessorConfiguration.load(null, Map.of("streams.threads", 0)))
        .hasMessageContaining("streams.threads must be 1 to 64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"replay.commitInterval", "replay.pacedCommitInterval"})
  void aReplayThatCouldNotCommitBeforeItsTransactionIsGivenUpIsRefused(String key)
      throws Exception {
    assertThat(
            ProcessorConfiguration.load(null, Map.of(key, "1s", "replay.transactionTimeout", "3s")))
        .isNotNull();
    assertThatThrownBy(
            () ->
                ProcessorConfiguration.load(
                    null, Map.of(key, "1001ms", "replay.transactionTimeout", "3s")))
        .hasMessageContaining(
            key + " must be at most a third of replay.transactionTimeout, 1000ms, is 1001ms");
  }

  @Test
  void anUnknownKeyIsNamed() {
    assertThatThrownBy(() -> ProcessorConfiguration.load(null, Map.of("streams.tread", 1)))
        .hasMessageContaining("tread");
  }
}
