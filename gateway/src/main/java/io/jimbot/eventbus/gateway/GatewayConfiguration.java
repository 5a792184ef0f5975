package io.jimbot.eventbus.gateway;

import io.dropwizard.configuration.ConfigurationException;
import io.jimbot.eventbus.gateway.command.CommandSettings;
import io.jimbot.eventbus.gateway.delay.DelaySettings;
import io.jimbot.eventbus.gateway.grpc.GrpcSettings;
import io.jimbot.eventbus.gateway.http.HttpSettings;
import io.jimbot.eventbus.gateway.ingest.IngestSettings;
import io.jimbot.eventbus.gateway.kafka.PublishSettings;
import io.jimbot.eventbus.gateway.kafka.TopicSettings;
import io.jimbot.eventbus.gateway.replay.ReplaySettings;
import io.jimbot.eventbus.gateway.telemetry.TracingSettings;
import io.jimbot.eventbus.service.settings.ConfigurationLoader;
import io.jimbot.eventbus.service.telemetry.LoggingSettings;
import io.jimbot.eventbus.wire.SchemaRegistrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a gateway; {@code gateway.yml} documents every key with its unit and default.
 * Immutable.
 *
 * @param bootstrapServers where Kafka is: {@code host:port}, several separated by commas
 * @param kafkaClient properties added to every Kafka client, for example {@code security.protocol}
 * @param topics the Kafka topics
 * @param publish how records go to Kafka
 * @param schemaRegistry whether values are in the Confluent wire format, and where their schemas
 *     are
 * @param catalogue a file laid over the catalogue that the bus ships with; empty for none
 * @param ingest what a body of events may ask for
 * @param delay the events that wait for their time
 * @param commands the commands back to the game
 * @param replays managed replays
 * @param http the HTTP server
 * @param grpc the gRPC server
 * @param delivery the way out: subscriptions and reading back
 * @param tracing where traces go
 * @param logging what is logged
 */
public record GatewayConfiguration(
    String bootstrapServers,
    Map<String, String> kafkaClient,
    TopicSettings topics,
    PublishSettings publish,
    SchemaRegistrySettings schemaRegistry,
    String catalogue,
    IngestSettings ingest,
    DelaySettings delay,
    CommandSettings commands,
    ReplaySettings replays,
    HttpSettings http,
    GrpcSettings grpc,
    DeliverySettings delivery,
    TracingSettings tracing,
    LoggingSettings logging) {

  private static final long DEAD_LETTER_BYTES = 64 * 1024;

  /** Checks the values. */
  public GatewayConfiguration {
    if (bootstrapServers == null || bootstrapServers.isBlank()) {
      throw new IllegalArgumentException(
          "bootstrapServers must be given, for example localhost:9092");
    }
    catalogue = catalogue == null ? "" : catalogue;
    kafkaClient = kafkaClient == null ? Map.of() : Map.copyOf(kafkaClient);
    // A body that cannot be read at all becomes one dead letter, with some hundred bytes around it.
    if (http.maxBodySize().toBytes() + DEAD_LETTER_BYTES > publish.maxRequestSize().toBytes()) {
      throw new IllegalArgumentException(
          "http.maxBodySize must be at least 64KiB below publish.maxRequestSize: a body that cannot be read is kept whole");
    }
    if (topics.commands().retention().compareTo(commands.maxTimeToLive()) <= 0) {
      throw new IllegalArgumentException(
          "topics.commands.retention must be longer than commands.maxTimeToLive");
    }
  }

  @Nullable Path catalogueFile() {
    return catalogue.isBlank() ? null : Path.of(catalogue);
  }

  /**
   * Reads and checks all settings, as {@link ConfigurationLoader} says.
   *
   * @param file the user's YAML file, or null for none
   * @param overrides by dotted key, for example {@code http.port}
   * @throws IOException if the file cannot be read
   * @throws ConfigurationException if a key is unknown or a value is not allowed
   */
  public static GatewayConfiguration load(@Nullable Path file, Map<String, Object> overrides)
      throws IOException, ConfigurationException {
    return new ConfigurationLoader<>(GatewayConfiguration.class, "gateway.yml")
        .load(file, overrides);
  }
}
