package io.jimbot.eventbus.gateway.kafka;

import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** One topic as it should be. */
record TopicSpec(String name, int partitions, int replicationFactor, Map<String, String> config) {

  /**
   * Kafka deletes whole segments, and one of its usual week holds what is quiet far beyond its
   * time. With so many parts a record is kept for an eighth longer at most.
   */
  private static final int SEGMENTS_OF_A_RETENTION = 8;

  private static final Duration SHORTEST_SEGMENT = Duration.ofMinutes(1);

  static List<TopicSpec> of(TopicSettings settings) {
    KafkaTopics names = settings.names();
    return List.of(
        of(names.events(), settings, settings.events()),
        of(names.deadLetters(), settings, settings.deadLetters()),
        compacted(names.deadLetterActions(), settings),
        of(names.commands(), settings, settings.commands()),
        of(names.delayed(), settings, settings.delayed()));
  }

  /** What is kept for good, and is little. */
  private static TopicSpec compacted(String name, TopicSettings settings) {
    Map<String, String> config = new TreeMap<>();
    config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    addCopies(settings, config);
    return new TopicSpec(name, 1, settings.replicationFactor(), Map.copyOf(config));
  }

  private static TopicSpec of(String name, TopicSettings settings, TopicShape shape) {
    Map<String, String> config = new TreeMap<>();
    config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(shape.retention().toMillis()));
    config.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(segment(shape.retention()).toMillis()));
    config.put(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(shape.maxMessageSize().toBytes()));
    addCopies(settings, config);
    return new TopicSpec(
        name, shape.partitions(), settings.replicationFactor(), Map.copyOf(config));
  }

  private static Duration segment(Duration retention) {
    Duration part = retention.dividedBy(SEGMENTS_OF_A_RETENTION);
    return part.compareTo(SHORTEST_SEGMENT) < 0 ? SHORTEST_SEGMENT : part;
  }

  private static void addCopies(TopicSettings settings, Map<String, String> config) {
    if (settings.minInsyncReplicas() > 0) {
      config.put(
          TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.minInsyncReplicas()));
    }
  }

  NewTopic toNewTopic() {
    Optional<Short> replicas =
        replicationFactor < 0 ? Optional.empty() : Optional.of((short) replicationFactor);
    return new NewTopic(name, Optional.of(partitions), replicas).configs(config);
  }
}
