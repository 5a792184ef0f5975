package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.events.v1.ReplaySource;
import java.util.ArrayDeque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition that is replayed: its place, and what was read of it and not taken yet. */
final class Lane {

  private final TopicPartition partition;
  private final long begin;
  private final long end;
  private final boolean isLog;
  private final ArrayDeque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
  private long next;
  private long waitingBytes;

  /** The latest time of receipt so far: within a partition the order counts, not the clocks. */
  private long clockMillis = Long.MIN_VALUE;

  private @Nullable OriginalPosition headOrigin;

  /**
   * A lane at its place.
   *
   * @param isLog whether it is one of the log, whose events are where they were first
   */
  Lane(ReplaySource source, boolean isLog) {
    this.partition = new TopicPartition(source.getTopic(), source.getPartition());
    this.begin = source.getBegin();
    this.next = source.getNext();
    this.end = source.getEnd();
    this.isLog = isLog;
  }

  TopicPartition partition() {
    return partition;
  }

  boolean isLog() {
    return isLog;
  }

  long next() {
    return next;
  }

  boolean isDone() {
    return next >= end;
  }

  /** Whether it has something left, but nothing at hand. */
  boolean isHungry() {
    return waiting.isEmpty() && !isDone();
  }

  long waitingBytes() {
    return waitingBytes;
  }

  /** Takes what was read, in its order. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    if (record.offset() < end) {
      waiting.add(record);
      waitingBytes += sizeBytes(record);
    }
  }

  /** Reading has come that far: behind the last event there may be offsets that hold none. */
  void reached(long position) {
    if (waiting.isEmpty()) {
      next = Math.max(next, Math.min(position, end));
    }
  }

  /** The next event; only if it is not {@link #isHungry hungry} or {@link #isDone done}. */
  ConsumerRecord<byte[], byte[]> head() {
    return waiting.element();
  }

  /** The time by which the next event is in a row with those of other lanes. */
  long headMillis() {
    return Math.max(clockMillis, head().timestamp());
  }

  /** Where the next event was first. */
  OriginalPosition headOrigin() {
    OriginalPosition known = headOrigin;
    if (known == null) {
      ConsumerRecord<byte[], byte[]> head = head();
      known =
          isLog
              ? new OriginalPosition(
                  head.topic(), head.partition(), head.offset(), head.timestamp())
              : OriginalPosition.of(head);
      headOrigin = known;
    }
    return known;
  }

  /** The next event is done with. */
  void take() {
    ConsumerRecord<byte[], byte[]> taken = waiting.remove();
    waitingBytes -= sizeBytes(taken);
    clockMillis = Math.max(clockMillis, taken.timestamp());
    next = taken.offset() + 1;
    headOrigin = null;
  }

  ReplaySource toSource() {
    return ReplaySource.newBuilder()
        .setTopic(partition.topic())
        .setPartition(partition.partition())
        .setBegin(begin)
        .setNext(next)
        .setEnd(end)
        .build();
  }

  private static long sizeBytes(ConsumerRecord<byte[], byte[]> record) {
    return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
  }
}
