package io.jimbot.eventbus.gateway.schema;

import io.jimbot.eventbus.service.record.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the last events of the log, from the end that it has now: in each partition back in steps
 * that grow, since not every offset is an event for everybody. There are marks of transactions,
 * records of others, and what came again for one group. Belongs to one thread.
 */
final class BackwardReader {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final LastEvents last;
  private final long deadline;

  /**
   * Its time begins now.
   *
   * @param last gets what is found
   * @param patience how long it may take
   */
  BackwardReader(Consumer<byte[], byte[]> consumer, LastEvents last, Duration patience) {
    this.consumer = consumer;
    this.last = last;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /** A partition, from its end back to where it was read. */
  private static final class Tail {

    private final long begin;
    private long from;
    private long until;
    private long events;
    private long oldestMillis = Long.MAX_VALUE;

    Tail(long begin, long end) {
      this.begin = begin;
      this.from = end;
      this.until = end;
    }

    void goBack(long offsets) {
      until = from;
      from = Math.max(begin, until - offsets);
    }

    void add(StoredEvent event) {
      events++;
      oldestMillis = Math.min(oldestMillis, event.receivedAtMillis());
    }
  }

  /**
   * Reads until no earlier event is wanted.
   *
   * @param most how many events are
   * @return whether the time was enough
   */
  boolean read(String log, int most) {
    Map<TopicPartition, Tail> open = tails(log);
    for (long step = most; !open.isEmpty(); step *= 2) {
      for (Tail tail : open.values()) {
        tail.goBack(step);
      }
      if (!readStep(open)) {
        return false;
      }
      open.values()
          .removeIf(
              tail ->
                  tail.from == tail.begin
                      || tail.events >= most
                      || (tail.events > 0 && last.isBehind(tail.oldestMillis)));
    }
    return true;
  }

  /** Those that hold anything. */
  private Map<TopicPartition, Tail> tails(String log) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(log).stream()
            .map(partition -> new TopicPartition(log, partition.partition()))
            .toList();
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Tail> tails = new HashMap<>();
    consumer
        .endOffsets(partitions)
        .forEach(
            (partition, end) ->
                tails.put(partition, new Tail(begins.getOrDefault(partition, 0L), end)));
    tails.values().removeIf(tail -> tail.begin >= tail.until);
    return tails;
  }

  private boolean readStep(Map<TopicPartition, Tail> open) {
    List<TopicPartition> left = new ArrayList<>(open.keySet());
    consumer.assign(left);
    open.forEach((partition, tail) -> consumer.seek(partition, tail.from));
    while (!left.isEmpty()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        take(record, tail(open, new TopicPartition(record.topic(), record.partition())));
      }
      if (left.removeIf(place -> consumer.position(place) >= tail(open, place).until)) {
        consumer.assign(left);
      }
    }
    return true;
  }

  private static Tail tail(Map<TopicPartition, Tail> open, TopicPartition place) {
    return Objects.requireNonNull(open.get(place));
  }

  private void take(ConsumerRecord<byte[], byte[]> record, Tail tail) {
    StoredEvent event = new StoredEvent(record);
    if (record.offset() < tail.until && event.isEvent() && event.forGroup() == null) {
      tail.add(event);
      last.add(event);
    }
  }
}
