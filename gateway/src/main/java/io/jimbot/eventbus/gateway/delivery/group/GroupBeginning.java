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
import org.jspecify.annotations.Nullable;

/**
 * Where a group begins. The member that has the log's first partition commits a place for every
 * partition at once, and the others wait for that: so one member decides for all, and later a
 * partition without a place is known to be one that the log has got since then, which is read from
 * its beginning whatever the start was. Blocks; to be used by the thread that owns the consumer.
 */
final class GroupBeginning {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final TopicPartition first;
  private final Start start;

  GroupBeginning(String log, Start start) {
    this.first = new TopicPartition(log, 0);
    this.start = start;
  }

  /**
   * Whether the group has its places.
   *
   * @throws KafkaException if Kafka did not tell in time
   */
  boolean isDone(Consumer<byte[], byte[]> consumer) {
    return !committed(consumer, all(consumer)).isEmpty();
  }

  /**
   * The places of partitions that a member has just got. Each of them is committed.
   *
   * @return null if the group has none yet, and this member is not the one to give them
   * @throws KafkaException if Kafka did not tell or take them in time
   */
  @Nullable Map<TopicPartition, OffsetAndMetadata> places(
      Consumer<byte[], byte[]> consumer, Collection<TopicPartition> gained) {
    Set<TopicPartition> all = all(consumer);
    all.addAll(gained);
    Map<TopicPartition, OffsetAndMetadata> places = committed(consumer, all);
    if (places.isEmpty() && !gained.contains(first)) {
      return null;
    }
    Map<TopicPartition, OffsetAndMetadata> added = new HashMap<>();
    (places.isEmpty() ? started(consumer, all) : added(consumer, gained, places.keySet()))
        .forEach((partition, offset) -> added.put(partition, new OffsetAndMetadata(offset)));
    if (!added.isEmpty()) {
      // At once: whoever has these partitions next must not begin at another place.
      consumer.commitSync(added, PATIENCE);
      places.putAll(added);
    }
    places.keySet().retainAll(gained);
    return places;
  }

  private Set<TopicPartition> all(Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> all = new HashSet<>();
    consumer
        .partitionsFor(first.topic(), PATIENCE)
        .forEach(found -> all.add(new TopicPartition(first.topic(), found.partition())));
    return all;
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(
      Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> places =
        new HashMap<>(consumer.committed(partitions, PATIENCE));
    places.values().removeIf(place -> place == null);
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
      all.forEach(partition -> times.put(partition, at.epochMillis()));
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
