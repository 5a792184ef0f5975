package io.jimbot.eventbus.kafka.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedKafkaSettingsTest {

  private static final EmbeddedKafkaSettings DEFAULTS = EmbeddedKafkaSettings.in(Path.of("data"));

  @Test
  void the_defaults_listen_on_any_free_port_of_the_loopback_address() {
    assertThat(DEFAULTS.host()).isEqualTo("127.0.0.1");
    assertThat(DEFAULTS.port()).isZero();
    assertThat(DEFAULTS.dataDirectory()).isAbsolute();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void a_port_out_of_range_is_refused_by_name(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withPort(port))
        .withMessage("port must be 0 to 65535, is " + port);
  }

  @Test
  void a_blank_host_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withHost(" "))
        .withMessage("host must not be blank");
  }

  @Test
  void no_partitions_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withDefaultPartitions(0))
        .withMessage("defaultPartitions must be 1 or more, is 0");
  }

  @Test
  void a_comma_in_the_directory_is_refused_since_kafka_would_split_there() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddedKafkaSettings.in(Path.of("a,b")))
        .withMessageContaining("dataDirectory must not have a comma");
  }

  @Test
  void overrides_of_what_makes_it_a_single_node_are_refused_by_name() {
    Map<String, String> overrides =
        Map.of("node.id", "2", "controller.quorum.voters", "2@x:1", "num.io.threads", "4");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withBrokerOverrides(overrides))
        .withMessage("brokerOverrides must not set controller.quorum.voters, node.id");
  }
}
