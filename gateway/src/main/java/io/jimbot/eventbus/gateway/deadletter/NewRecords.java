package io.jimbot.eventbus.gateway.deadletter;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads what has come to a topic since the last time. Belongs to one thread. */
final class NewRecords {

  private static final Duration POLL = Duration.ofMillis(50);

  /** After what time without a record Kafka counts as away. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final String topic;
  private final Map<TopicPartition, Long> next = new HashMap<>();

  NewRecords(String topic) {
    this.topic = topic;
  }

  /**
   * Reads to the end that the topic has now; nothing if there is no such topic.
   *
   * @throws TimeoutException if Kafka gives nothing; the next time goes on there
   */
  void read(
      Consumer<byte[], byte[]> consumer,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    List<TopicPartition> partitions =
        consumer.listTopics().getOrDefault(topic, List.of()).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer
        .beginningOffsets(partitions)
        .forEach((place, begin) -> next.merge(place, begin, Math::max));
    consumer.assign(partitions);
    partitions.forEach(place -> consumer.seek(place, next.getOrDefault(place, 0L)));
    long heard = System.nanoTime();
    while (partitions.stream()
        .anyMatch(place -> next.getOrDefault(place, 0L) < ends.getOrDefault(place, 0L))) {
      consumer.poll(POLL).forEach(reader);
      boolean any = false;
      for (TopicPartition place : partitions) {
        long position = consumer.position(place);
        Long before = next.put(place, position);
        any |= before == null || position > before;
      }
      if (any) {
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
        throw new TimeoutException("Kafka gives no records of " + topic);
      }
    }
  }
}
