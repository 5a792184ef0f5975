package io.jimbot.eventbus.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

  @Test
  void anUnknownKeyIsNamed() {
    assertThatThrownBy(() -> ProcessorConfiguration.load(null, Map.of("streams.tread", 1)))
        .hasMessageContaining("tread");
  }
}
