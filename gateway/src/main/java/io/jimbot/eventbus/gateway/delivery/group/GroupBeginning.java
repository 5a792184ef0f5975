package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.delivery.Start;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a group begins. Its first member commits a place for every partition of the log at once, so
 * that later a partition without a place is known to be one that the log has got since then, and is
 * read from its beginning whatever the start was. Blocks; to be used by the thread that owns the
 * consumer.
 */
final class GroupBeginning {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final String log;
  private final Start start;

  GroupBeginning(String log, Start start) {
    this.log = log;
    this.start = start;
  }

  /**
   * The places of partitions that a member has just got. Each of them is committed.
   *
   * @throws KafkaException if Kafka did not tell or take them in time
   */
  Map<TopicPartition, OffsetAndMetadata> places(
      Consumer<byte[], byte[]> consumer, Collection<TopicPartition> gained) {
    Set<TopicPartition> all = new HashSet<>(gained);
    consumer
        .partitionsFor(log, PATIENCE)
        .forEach(partition -> all.add(new TopicPartition(log, partition.partition())));
    Map<TopicPartition, OffsetAndMetadata> places =
        new HashMap<>(consumer.committed(all, PATIENCE));
    places.values().removeIf(place -> place == null);
    Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
    (places.isEmpty() ? started(consumer, all) : added(consumer, gained, places.keySet()))
        .forEach((partition, offset) -> first.put(partition, new OffsetAndMetadata(offset)));
    if (!first.isEmpty()) {
      // At once: whoever has these partitions next must not begin at another place.
      consumer.commitSync(first, PATIENCE);
      places.putAll(first);
    }
    places.keySet().retainAll(gained);
    return places;
  }

  private static Map<TopicPartition, Long> added(
      Consumer<byte[], byte[]> consumer,
      Collection<TopicPartition> gained,
      Set<TopicPartition> begun) {
    Set<TopicPartition> added = new HashSet<>(gained);
    added.removeAll(begun);
    return added.isEmpty() ? Map.of() : consumer.beginningOffsets(added, PATIENCE);
  }

  private Map<TopicPartition, Long> started(
      Consumer<byte[], byte[]> consumer, Set<TopicPartition> all) {
    if (start instanceof Start.Earliest) {
      return consumer.beginningOffsets(all, PATIENCE);
    }
    Map<TopicPartition, Long> offsets = new HashMap<>(consumer.endOffsets(all, PATIENCE));
    if (start instanceof Start.At at) {
      Map<TopicPartition, Long> times = new HashMap<>();
      all.forEach(partition -> times.put(partition, at.time().toEpochMilli()));
      Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, PATIENCE);
      found.forEach(
          (partition, offset) -> {
            if (offset != null) {
              offsets.put(partition, offset.offset());
            }
          });
    }
    return offsets;
  }
}
