package io.jimbot.eventbus.processor.kafka;

import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where Kafka is, and what holds for all topics of the processor.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param client properties added to every Kafka client, for example {@code security.protocol}
 * @param topicPrefix the start of every topic's name, the same as the gateway's
 * @param replicationFactor copies of each partition; -1 is the broker's default
 * @param minInsyncReplicas copies that must have a record before it is acknowledged; 0 is the
 *     broker's default
 */
public record KafkaSettings(
    String bootstrapServers,
    Map<String, String> client,
    String topicPrefix,
    int replicationFactor,
    int minInsyncReplicas) {

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** Checks the values. */
  public KafkaSettings {
    if (bootstrapServers == null || bootstrapServers.isBlank()) {
      throw new IllegalArgumentException(
          "kafka.bootstrapServers must be given, for example localhost:9092");
    }
    client = client == null ? Map.of() : Map.copyOf(client);
    if (topicPrefix == null || !PREFIX.matcher(topicPrefix).matches()) {
      throw new IllegalArgumentException(
          "kafka.topicPrefix must match " + PREFIX + ", is '" + topicPrefix + "'");
    }
    if (replicationFactor != -1 && (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "kafka.replicationFactor must be at least 1, or -1 for the broker's default, is "
              + replicationFactor);
    }
    if (minInsyncReplicas < 0 || (replicationFactor > 0 && minInsyncReplicas > replicationFactor)) {
      throw new IllegalArgumentException(
          "kafka.minInsyncReplicas must be 0 for the broker's default, or at most kafka.replicationFactor, is "
              + minInsyncReplicas);
    }
  }

  /** The topics' names. */
  public KafkaTopics topics() {
    return new KafkaTopics(topicPrefix);
  }
}
