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

  TopicOffsets(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /** The first offset of each partition at a time or later; its end if there is none. */
  Map<TopicPartition, Long> from(Collection<TopicPartition> partitions, long millis) {
    if (millis <= 0) {
      return consumer.beginningOffsets(partitions);
    }
    return found(partitions, millis);
  }

  /** The same, for the offset to stop before. */
  Map<TopicPartition, Long> until(Collection<TopicPartition> partitions, long millis) {
    return millis >= Instant.now().toEpochMilli()
        ? consumer.endOffsets(partitions)
        : found(partitions, millis);
  }

  private Map<TopicPartition, Long> found(Collection<TopicPartition> partitions, long millis) {
    Map<TopicPartition, Long> offsets = new HashMap<>(consumer.endOffsets(partitions));
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
