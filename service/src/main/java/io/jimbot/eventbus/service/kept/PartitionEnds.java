package io.jimbot.eventbus.service.kept;

import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Tells where partitions end, for whoever is to read them as far as that. */
@FunctionalInterface
public interface PartitionEnds {

  /**
   * The offset to stop before in each of them. Blocks.
   *
   * @throws KafkaException if Kafka does not tell
   */
  Map<TopicPartition, Long> of(Collection<TopicPartition> partitions);
}
