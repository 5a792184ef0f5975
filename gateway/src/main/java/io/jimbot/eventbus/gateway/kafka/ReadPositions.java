package io.jimbot.eventbus.gateway.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the partitions of a topic are read, which outlives the consumer that reads them. Belongs
 * to one thread.
 */
final class ReadPositions {

  private final StartingPoint start;

  /** The offset to read next. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  /** Where a partition ended when it was first seen. */
  private final Map<TopicPartition, Long> goals = new HashMap<>();

  ReadPositions(StartingPoint start) {
    this.start = start;
  }

  /**
   * Assigns the partitions to a consumer, each at its place; those that were not known begin at the
   * starting point.
   *
   * @param patience how long Kafka may take for each of two questions
   * @throws KafkaException if it does not answer; then nothing has changed here
   */
  void assign(
      Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions, Duration patience) {
    // Before it is asked: the client warns of answers about partitions that it does not have.
    consumer.assign(partitions);
    Set<TopicPartition> unknown = new HashSet<>(partitions);
    unknown.removeAll(next.keySet());
    if (!unknown.isEmpty()) {
      // The end first: what is written after this look is wanted in any case.
      Map<TopicPartition, Long> ends = consumer.endOffsets(unknown, patience);
      next.putAll(start.offsets(consumer, ends, patience));
      goals.putAll(ends);
    }
    partitions.forEach(partition -> consumer.seek(partition, next.getOrDefault(partition, 0L)));
  }

  /** Everything before these offsets is read. */
  void advance(Map<TopicPartition, OffsetAndMetadata> read) {
    read.forEach((partition, offset) -> next.put(partition, offset.offset()));
  }

  /** The partitions that have a place. */
  Set<TopicPartition> partitions() {
    return Set.copyOf(next.keySet());
  }

  /** Whether all is read that was there when the partitions were first seen; false without any. */
  boolean areCaughtUp() {
    return !goals.isEmpty()
        && goals.entrySet().stream()
            .allMatch(goal -> next.getOrDefault(goal.getKey(), 0L) >= goal.getValue());
  }

  /** Forgets all places. */
  void forget() {
    next.clear();
    goals.clear();
  }
}
