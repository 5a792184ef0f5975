package io.jimbot.eventbus.gateway.deadletter;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads a topic for one question, within the time that it has: others wait for the same thread.
 * Belongs to it.
 */
final class LetterScan {

  private static final Duration POLL = Duration.ofMillis(50);

  /** After what time without a record Kafka counts as away. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final long deadline;
  private boolean begun;

  /**
   * Its time begins now.
   *
   * @param patience how long it may take; it reads something in any case, so that whoever goes on
   *     where it ended comes to the end
   */
  LetterScan(Consumer<byte[], byte[]> consumer, String topic, Duration patience) {
    this.consumer = consumer;
    this.topic = topic;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /** Whether its time is over: it reads no more. */
  boolean isOver() {
    return begun && System.nanoTime() - deadline >= 0;
  }

  /**
   * Shows records until the visitor has enough, or the time is over.
   *
   * @param end where to stop, left out
   * @param visitor whether it wants more
   * @return where to go on; the end if nothing is left
   * @throws TimeoutException if Kafka gives nothing
   */
  long read(int partition, long from, long end, Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
    if (from >= end || isOver()) {
      return from;
    }
    TopicPartition place = new TopicPartition(topic, partition);
    consumer.assign(List.of(place));
    consumer.seek(place, from);
    long heard = System.nanoTime();
    long next = from;
    while (next < end && !isOver()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < end && !visitor.test(record)) {
          begun = true;
          return record.offset() + 1;
        }
      }
      // Also over what is no record: the marks of transactions.
      long position = consumer.position(place);
      if (position > next) {
        next = position;
        heard = System.nanoTime();
        begun = true;
      } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
        throw new TimeoutException("Kafka gives no records of " + topic);
      }
    }
    return Math.min(next, end);
  }
}
