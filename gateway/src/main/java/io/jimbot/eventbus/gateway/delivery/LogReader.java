package io.jimbot.eventbus.gateway.delivery;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer of the whole log, without a group. Belongs to one thread, which closes it. Every
 * method may throw a {@link KafkaException}; then a new one is to be made.
 */
public final class LogReader implements AutoCloseable {

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private List<TopicPartition> partitions = List.of();

  public LogReader(Consumer<byte[], byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.topic = topic;
  }

  /**
   * Learns the partitions.
   *
   * @return how many there are
   * @throws KafkaException if the topic is not there
   */
  public int learnPartitions() {
    int count = consumer.partitionsFor(topic).size();
    if (count == 0) {
      throw new KafkaException("the topic " + topic + " has no partitions");
    }
    if (count != partitions.size()) {
      partitions =
          IntStream.range(0, count).mapToObj(number -> new TopicPartition(topic, number)).toList();
    }
    return count;
  }

  /** Where the log begins. */
  public long[] begin() {
    return offsets(consumer.beginningOffsets(partitions));
  }

  /** Where the log ends. */
  public long[] end() {
    return offsets(consumer.endOffsets(partitions));
  }

  /**
   * The first event of each partition that was taken in at a time or later; else its end.
   *
   * @param epochMillis in milliseconds since 1970; before that is the same as then
   */
  public long[] at(long epochMillis) {
    long time = Math.max(0, epochMillis);
    // Before the times: what is stored between the two questions lies behind these ends.
    long[] places = end();
    Map<TopicPartition, OffsetAndTimestamp> found =
        consumer.offsetsForTimes(
            partitions.stream()
                .collect(Collectors.toMap(partition -> partition, partition -> time)));
    found.forEach(
        (partition, offset) -> {
          if (offset != null) {
            places[partition.partition()] = offset.offset();
          }
        });
    return places;
  }

  private static long[] offsets(Map<TopicPartition, Long> byPartition) {
    long[] offsets = new long[byPartition.size()];
    byPartition.forEach((partition, offset) -> offsets[partition.partition()] = offset);
    return offsets;
  }

  /** Goes to a place. */
  public void seek(Places places) {
    consumer.assign(partitions);
    partitions.forEach(p -> consumer.seek(p, places.next(p.partition())));
  }

  /** Goes to a place of one partition, and reads that one alone. */
  public void seek(int partition, long offset) {
    TopicPartition only = partitions.get(partition);
    consumer.assign(List.of(only));
    consumer.seek(only, offset);
  }

  /** Reads nothing any more until the next {@link #seek}, so that nothing is fetched. */
  public void rest() {
    consumer.assign(List.of());
  }

  public ConsumerRecords<byte[], byte[]> poll(Duration patience) {
    return consumer.poll(patience);
  }

  /** Where it stands: past everything that was polled, and past what is no event. */
  public long[] position() {
    long[] position = new long[partitions.size()];
    partitions.forEach(p -> position[p.partition()] = consumer.position(p));
    return position;
  }

  /** How many events lie between the place and the log's end, as far as is known; -1 if not. */
  public long lag() {
    return lag(consumer.assignment());
  }

  private long lag(Collection<TopicPartition> assigned) {
    long sum = 0;
    for (TopicPartition partition : assigned) {
      var lag = consumer.currentLag(partition);
      if (lag.isEmpty()) {
        return -1;
      }
      sum += lag.getAsLong();
    }
    return sum;
  }

  /** Ends a {@link #poll}; from any thread. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
