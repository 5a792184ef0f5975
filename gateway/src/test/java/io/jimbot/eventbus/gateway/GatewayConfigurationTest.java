package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import io.jimbot.eventbus.service.telemetry.LoggingSettings.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayConfigurationTest {

  @TempDir private Path directory;

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("my.yml"), yaml);
  }

  @Test
  void withoutAnythingTheDefaultsHold() throws Exception {
    GatewayConfiguration configuration = GatewayConfiguration.load(null, Map.of());

    assertThat(configuration.bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(configuration.http().port()).isEqualTo(8080);
    assertThat(configuration.http().maxBodySize()).isEqualTo(DataSize.mebibytes(8));
    assertThat(configuration.publish().stallThreshold()).isEqualTo(Duration.ofMillis(1500));
    assertThat(configuration.topics().replicationFactor()).isEqualTo(-1);
    assertThat(configuration.topics().names().deadLetters()).isEqualTo("jimbot.dead-letters");
    assertThat(configuration.logging().format()).isEqualTo(Format.PLAIN);
    assertThat(configuration.logging().loggers()).containsEntry("org.apache.kafka", "WARN");
  }

  @Test
  void whatMayBeInFlightFollowsTheHeapUnlessItIsSaid() throws Exception {
    long percent = Runtime.getRuntime().maxMemory() / 100;
    GatewayConfiguration byDefault = GatewayConfiguration.load(null, Map.of());
    GatewayConfiguration said =
        GatewayConfiguration.load(
            null, Map.of("http.maxInFlightSize", "9MiB", "grpc.maxInFlightSize", "10MiB"));

    assertThat(byDefault.http().maxInFlightSize()).isEqualTo(DataSize.bytes(8 * percent));
    assertThat(byDefault.grpc().maxInFlightSize()).isEqualTo(DataSize.bytes(5 * percent));
    assertThat(said.http().maxInFlightSize()).isEqualTo(DataSize.mebibytes(9));
    assertThat(said.grpc().maxInFlightSize()).isEqualTo(DataSize.mebibytes(10));
  }

  @Test
  void whatWaitsForSubscribersHasItsUsualSizeWhereTheHeapHasRoomForIt() throws Exception {
    long percent = Runtime.getRuntime().maxMemory() / 100;
    DeliverySettings delivery = GatewayConfiguration.load(null, Map.of()).delivery();

    assertThat(delivery.group().bufferSize().toBytes())
        .isEqualTo(Math.min(DataSize.mebibytes(32).toBytes(), 2 * percent));
    assertThat(delivery.queue().bufferSize().toBytes())
        .isEqualTo(Math.min(DataSize.mebibytes(16).toBytes(), 2 * percent));
    assertThat(delivery.tail().windowsSize().toBytes())
        .isEqualTo(Math.min(DataSize.mebibytes(128).toBytes(), 15 * percent));
    assertThat(Setting.usual(DataSize.gibibytes(1_000), 2).toBytes()).isEqualTo(2 * percent);
  }

  @Test
  void oneBodyMayAlwaysBeInFlightButNotOneThatTheHeapHasNoRoomFor() {
    long heap = Runtime.getRuntime().maxMemory();
    DataSize much = DataSize.bytes(heap / 5);

    assertThat(Setting.shareOfHeap(8, "k", much).toBytes()).isEqualTo(much.toBytes());
    assertThatThrownBy(() -> Setting.shareOfHeap(8, "k", DataSize.bytes(heap / 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("k must be at most a quarter of Java's heap");
  }

  @Test
  void aFileOfTwoLinesChangesWhatItSaysAndNothingElse() throws Exception {
    GatewayConfiguration configuration =
        GatewayConfiguration.load(file("http:\n  port: 9090\n"), Map.of());

    assertThat(configuration.http().port()).isEqualTo(9090);
    assertThat(configuration.http().bindHost()).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({"''", "'# nothing yet'", "'http:'", "'---'"})
  void aFileThatSaysNothingChangesNothing(String yaml) throws Exception {
    assertThat(GatewayConfiguration.load(file(yaml), Map.of()).http().port()).isEqualTo(8080);
  }

  @Test
  void theProgramsOwnValuesWinOverTheFile() throws Exception {
    GatewayConfiguration configuration =
        GatewayConfiguration.load(
            file("http: {port: 9090}\n"),
            Map.of("http.port", 0, "kafkaClient", Map.of("security.protocol", "SSL")));

    assertThat(configuration.http().port()).isZero();
    assertThat(configuration.kafkaClient()).containsEntry("security.protocol", "SSL");
  }

  @Test
  void anEnvironmentVariableMayStandInTheFileWithADefault() throws Exception {
    GatewayConfiguration configuration =
        GatewayConfiguration.load(
            file("bootstrapServers: ${SURELY_NOT_SET_ANYWHERE:-kafka:1}, ${PATH:+x}\n"), Map.of());

    assertThat(configuration.bootstrapServers()).startsWith("kafka:1, ");
  }

  @Test
  void everyDefaultThatIsASingleValueHasItsEnvironmentVariable() throws Exception {
    try (var in = GatewayConfiguration.class.getClassLoader().getResourceAsStream("gateway.yml")) {
      String yaml = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      String withoutLoggers = yaml.substring(0, yaml.indexOf("  loggers:"));
      Matcher values = Pattern.compile("(?m)^ *(\\w+): *(\\S.*)$").matcher(withoutLoggers);
      while (values.find()) {
        if (!values.group(2).equals("{}")) {
          assertThat(values.group(2)).as(values.group(1)).matches("\\$\\{EVENTBUS_[A-Z_]+:-.*}");
        }
      }
    }
  }

  @Test
  void anUnknownKeyIsNamedWithTheNearestThatExists() throws Exception {
    Path file = file("http:\n  prot: 1\n");

    assertThatThrownBy(() -> GatewayConfiguration.load(file, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("my.yml")
        .hasMessageContaining("http.prot")
        .hasMessageContaining("- port");
  }

  @ParameterizedTest
  @CsvSource({
    "http.port, 70000",
    "http.maxBodySize, 1B",
    "http.maxInFlightSize, 1MiB",
    "grpc.maxInFlightSize, 1MiB",
    "http.retryAfter, 0s",
    "publish.compression, zip",
    "publish.stallThreshold, 5s",
    "topics.prefix, a b",
    "topics.minInsyncReplicas, -1",
    "logging.level, LOUD",
    "bootstrapServers, ' '",
  })
  void aValueThatIsNotAllowedIsNamedByItsKey(String key, String value) {
    assertThatThrownBy(() -> GatewayConfiguration.load(null, Map.of(key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(key);
  }

  @Test
  void aDurationWithoutUnitIsExplained() {
    assertThatThrownBy(() -> GatewayConfiguration.load(null, Map.of("http.readTimeout", "soon")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("http.readTimeout");
  }

  @ParameterizedTest
  @CsvSource({"much", "8 XB", "''"})
  void aSizeWithoutNumberOrUnitIsExplained(String size) {
    assertThatThrownBy(() -> GatewayConfiguration.load(null, Map.of("http.maxBodySize", size)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("http.maxBodySize");
  }
}
