package io.jimbot.eventbus.service.kept;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Looks up offsets by time, in milliseconds since 1970. For one thread. */
final class TopicOffsets {

  private final Consumer<byte[], byte[]> consumer;
  private final PartitionEnds ends;

  TopicOffsets(Consumer<byte[], byte[]> consumer, PartitionEnds ends) {
    this.consumer = consumer;
    this.ends = ends;
  }

  /**
   * The first offset of each partition at a time or later; where the consumer's sight ends if it
   * sees none. Behind that there may be some that are not committed yet.
   */
  Map<TopicPartition, Long> from(Collection<TopicPartition> partitions, long millis) {
    if (millis <= 0) {
      return consumer.beginningOffsets(partitions);
    }
    return found(partitions, millis, consumer.endOffsets(partitions));
  }

  /** The first offset at a time or later, to stop before; the partition's end if there is none. */
  Map<TopicPartition, Long> until(Collection<TopicPartition> partitions, long millis) {
    Map<TopicPartition, Long> otherwise = ends.of(partitions);
    return millis >= Instant.now().toEpochMilli()
        ? otherwise
        : found(partitions, millis, otherwise);
  }

  private Map<TopicPartition, Long> found(
      Collection<TopicPartition> partitions, long millis, Map<TopicPartition, Long> otherwise) {
    Map<TopicPartition, Long> offsets = new HashMap<>(otherwise);
    times(partitions, millis).forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  /** The first event of each partition at a time or later; those that have none are left out. */
  Map<TopicPartition, OffsetAndTimestamp> times(
      Collection<TopicPartition> partitions, long millis) {
    Map<TopicPartition, Long> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, Math.max(0, millis)));
    Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>(consumer.offsetsForTimes(asked));
    found.values().removeIf(Objects::isNull);
    return found;
  }
}
