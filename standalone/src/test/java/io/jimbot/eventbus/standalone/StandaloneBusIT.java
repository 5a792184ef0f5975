package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StandaloneBusIT {

  @TempDir private Path directory;

  @Test
  void the_gateway_is_given_the_broker_and_the_ports_are_told() {
    StandaloneSettings settings = new StandaloneSettings(0, 0, 0, directory, null, null, null);

    try (StandaloneBus bus = StandaloneBus.start(settings, StubGateway::start, fault -> {})) {

      assertThat(bus.httpPort()).isPositive();
      assertThat(bus.bootstrapServers()).matches("127\\.0\\.0\\.1:[1-9][0-9]+");
      assertThat(bus.dataDirectory()).isEqualTo(directory);
    }
  }

  @Test
  void a_gateway_that_does_not_start_leaves_the_data_free() {
    StandaloneSettings settings = new StandaloneSettings(0, 0, 0, directory, null, null, null);
    GatewayStarter failing =
        options -> {
          throw new IllegalStateException("no");
        };

    assertThatThrownBy(() -> StandaloneBus.start(settings, failing, fault -> {}))
        .isInstanceOf(StartException.class)
        .hasMessage("The gateway did not start: no");

    assertThatCode(() -> StandaloneBus.start(settings, StubGateway::start, fault -> {}).close())
        .doesNotThrowAnyException();
  }
}
