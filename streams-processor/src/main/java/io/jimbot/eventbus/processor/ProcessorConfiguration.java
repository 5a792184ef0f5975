package io.jimbot.eventbus.processor;

import io.dropwizard.configuration.ConfigurationException;
import io.jimbot.eventbus.processor.delay.DelaySettings;
import io.jimbot.eventbus.processor.http.HttpSettings;
import io.jimbot.eventbus.processor.kafka.KafkaSettings;
import io.jimbot.eventbus.processor.kafka.StreamsSettings;
import io.jimbot.eventbus.processor.replay.ReplaySettings;
import io.jimbot.eventbus.processor.retention.RetentionSettings;
import io.jimbot.eventbus.processor.topology.DeadLetterSettings;
import io.jimbot.eventbus.service.settings.ConfigurationLoader;
import io.jimbot.eventbus.service.telemetry.LoggingSettings;
import io.jimbot.eventbus.wire.SchemaRegistrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a processor; {@code processor.yml} documents every key with its unit and default.
 * Immutable.
 *
 * @param kafka where Kafka is, and what holds for all topics
 * @param schemaRegistry in which form values are written
 * @param streams how topologies run
 * @param replay managed replays
 * @param delay how delayed events are kept
 * @param deadLetters what becomes of dead letters
 * @param retention how events are kept
 * @param http where health, readiness and metrics are served
 * @param logging what is logged, where the processor is a program of its own
 */
public record ProcessorConfiguration(
    KafkaSettings kafka,
    SchemaRegistrySettings schemaRegistry,
    StreamsSettings streams,
    ReplaySettings replay,
    DelaySettings delay,
    DeadLetterSettings deadLetters,
    RetentionSettings retention,
    HttpSettings http,
    LoggingSettings logging) {

  /**
   * Reads and checks all settings, as {@link ConfigurationLoader} says.
   *
   * @param file the user's YAML file, or null for none
   * @param overrides by dotted key, for example {@code http.port}
   * @throws IOException if the file cannot be read
   * @throws ConfigurationException if a key is unknown or a value is not allowed
   */
  public static ProcessorConfiguration load(@Nullable Path file, Map<String, Object> overrides)
      throws IOException, ConfigurationException {
    return new ConfigurationLoader<>(ProcessorConfiguration.class, "processor.yml")
        .load(file, overrides);
  }
}
