package io.jimbot.eventbus.processor.retention;

import io.jimbot.eventbus.processor.kafka.TopicSpec;
import io.jimbot.eventbus.service.catalogue.Catalogue;
import io.jimbot.eventbus.service.catalogue.Cleanup;
import io.jimbot.eventbus.service.catalogue.RetentionClass;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/** The Kafka topics that a catalogue asks for. */
final class ClassTopics {

  private static final String UNLIMITED = "-1";

  /**
   * Kafka deletes whole segments: what is kept for an hour must not lie in one of a week. With so
   * many parts it is kept for an eighth longer at most.
   */
  private static final int SEGMENTS_OF_A_RETENTION = 8;

  private static final Duration SHORTEST_SEGMENT = Duration.ofMinutes(1);
  private static final Duration LONGEST_SEGMENT = Duration.ofDays(1);
  private static final Duration LONGEST_COMPACTED_SEGMENT = Duration.ofHours(1);
  private static final int SEGMENTS_OF_A_SIZE = 4;

  /** Kafka's own limit. */
  private static final long SMALLEST_SEGMENT = 1024L * 1024;

  private static final long LARGEST_SEGMENT = 1024L * 1024 * 1024;

  /** How much of a partition may be outdated before it is compacted. */
  private static final String DIRTY_RATIO = "0.1";

  private ClassTopics() {}

  static List<TopicSpec> of(Catalogue catalogue, KafkaTopics topics) {
    List<TopicSpec> specs = new ArrayList<>();
    for (String name : catalogue.classesInUse()) {
      RetentionClass retention = catalogue.retention(name);
      specs.add(spec(topics.ofClass(name), retention, retention.cleanup()));
    }
    RetentionClass latest = catalogue.ofGames();
    Cleanup cleanup = latest.cleanup().compacts() ? latest.cleanup() : Cleanup.COMPACT;
    specs.add(spec(topics.gamesLatest(), latest, cleanup));
    return specs;
  }

  private static TopicSpec spec(String topic, RetentionClass retention, Cleanup cleanup) {
    Map<String, String> config = new TreeMap<>();
    config.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup.policy());
    config.put(
        TopicConfig.RETENTION_MS_CONFIG,
        retention.time().isZero() ? UNLIMITED : Long.toString(retention.time().toMillis()));
    long size = retention.size().toBytes();
    config.put(TopicConfig.RETENTION_BYTES_CONFIG, size == 0 ? UNLIMITED : Long.toString(size));
    config.put(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(retention.maxMessageSize().toBytes()));
    config.put(
        TopicConfig.SEGMENT_MS_CONFIG, Long.toString(segment(retention, cleanup).toMillis()));
    if (size > 0) {
      long least = Math.max(SMALLEST_SEGMENT, retention.maxMessageSize().toBytes());
      long segment = Math.max(least, size / SEGMENTS_OF_A_SIZE);
      config.put(
          TopicConfig.SEGMENT_BYTES_CONFIG, Long.toString(Math.min(LARGEST_SEGMENT, segment)));
    }
    if (cleanup.compacts()) {
      config.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, DIRTY_RATIO);
    }
    return new TopicSpec(topic, retention.partitions(), config);
  }

  private static Duration segment(RetentionClass retention, Cleanup cleanup) {
    Duration longest = cleanup.compacts() ? LONGEST_COMPACTED_SEGMENT : LONGEST_SEGMENT;
    if (retention.time().isZero()) {
      return longest;
    }
    Duration part = retention.time().dividedBy(SEGMENTS_OF_A_RETENTION);
    if (part.compareTo(SHORTEST_SEGMENT) < 0) {
      return SHORTEST_SEGMENT;
    }
    return part.compareTo(longest) > 0 ? longest : part;
  }
}
