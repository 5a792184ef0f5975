package io.jimbot.eventbus.gateway.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where a {@link TopicFollower} begins to read. Immutable. */
public interface StartingPoint {

  /**
   * The offset of the first record to be read of each partition.
   *
   * @param consumer to ask Kafka with
   * @param ends where each partition ended a moment ago; what was written since is to be read
   * @param patience how long Kafka may take
   * @throws KafkaException if it does not answer
   */
  Map<TopicPartition, Long> offsets(
      Consumer<?, ?> consumer, Map<TopicPartition, Long> ends, Duration patience);

  /** The oldest record that there is. */
  static StartingPoint beginning() {
    return (consumer, ends, patience) -> consumer.beginningOffsets(ends.keySet(), patience);
  }

  /** The first record that is at most so old, by its timestamp. */
  static StartingPoint recent(Duration age, Clock clock) {
    return (consumer, ends, patience) -> {
      long since = clock.instant().minus(age).toEpochMilli();
      Map<TopicPartition, Long> times = new HashMap<>(ends);
      times.replaceAll((partition, end) -> since);
      Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, patience);
      Map<TopicPartition, Long> offsets = new HashMap<>(ends);
      offsets.replaceAll(
          (partition, end) -> {
            OffsetAndTimestamp first = found.get(partition);
            return first == null ? end : Math.min(end, first.offset());
          });
      return offsets;
    };
  }
}
