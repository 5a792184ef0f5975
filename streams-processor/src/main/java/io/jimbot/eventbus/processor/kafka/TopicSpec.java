package io.jimbot.eventbus.processor.kafka;

import java.util.Map;

/**
 * A topic as it should be when it is made. Copies of its partitions are the same for all, see
 * {@link KafkaSettings}.
 *
 * @param name its full name
 * @param partitions at least 1
 * @param config Kafka's settings of the topic, such as {@code cleanup.policy}
 */
public record TopicSpec(String name, int partitions, Map<String, String> config) {

  /** Copies. */
  public TopicSpec {
    config = Map.copyOf(config);
  }
}
