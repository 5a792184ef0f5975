package io.jimbot.eventbus.service.migration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stands in each partition of the source, from what the source held first to what it
 * held last when the run began. Belongs to one thread.
 */
final class Places {

  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> begins;
  private final Map<TopicPartition, Long> ends;

  /** Of a consumer that has these partitions. */
  Places(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    this.consumer = consumer;
    this.begins = consumer.beginningOffsets(partitions);
    this.ends = consumer.endOffsets(partitions);
  }

  /** Goes where a run before ended, or to the first record that is still there. */
  void seek(Map<TopicPartition, @Nullable OffsetAndMetadata> committed) {
    begins.forEach(
        (partition, begin) -> {
          OffsetAndMetadata place = committed.get(partition);
          consumer.seek(partition, place == null ? begin : Math.max(begin, place.offset()));
        });
  }

  /** Whether a record was there when the run began; others are the next run's. */
  boolean isWanted(ConsumerRecord<byte[], byte[]> record) {
    return record.offset() < end(new TopicPartition(record.topic(), record.partition()));
  }

  private long end(TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }

  private long position(TopicPartition partition) {
    return Math.min(consumer.position(partition), end(partition));
  }

  /** Makes the places that were read to a part of the transaction; reads no further than wanted. */
  void commit(Producer<byte[], byte[]> producer, ConsumerGroupMetadata group, MigrationMark mark) {
    Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
    for (TopicPartition partition : ends.keySet()) {
      long position = position(partition);
      places.put(partition, mark.at(position));
      if (position >= end(partition)) {
        consumer.pause(List.of(partition));
      }
    }
    producer.sendOffsetsToTransaction(places, group);
  }

  /** Offsets that are behind. */
  long done() {
    return ends.keySet().stream()
        .mapToLong(partition -> position(partition) - begins.getOrDefault(partition, 0L))
        .sum();
  }

  /** Offsets that there are. */
  long all() {
    return ends.keySet().stream()
        .mapToLong(partition -> end(partition) - begins.getOrDefault(partition, 0L))
        .sum();
  }
}
