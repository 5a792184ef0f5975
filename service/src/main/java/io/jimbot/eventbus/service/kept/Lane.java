package io.jimbot.eventbus.service.kept;

import io.jimbot.eventbus.service.record.OriginalPosition;
import java.util.ArrayDeque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One stretch that is being read: its place, and what was read of it and not taken yet. */
public final class Lane {

  /** What a record takes at least. */
  private static final long RECORD_BYTES = 100;

  private final Stretch stretch;
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
  Lane(Stretch stretch, boolean isLog) {
    this.stretch = stretch;
    this.next = stretch.next();
    this.isLog = isLog;
  }

  TopicPartition partition() {
    return stretch.partition();
  }

  /** What it was made of. */
  Stretch stretch() {
    return stretch;
  }

  boolean isLog() {
    return isLog;
  }

  long next() {
    return next;
  }

  boolean isDone() {
    return next >= stretch.end();
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
    if (record.offset() >= next && record.offset() < stretch.end()) {
      waiting.add(record);
      waitingBytes += sizeBytes(record);
    }
  }

  /** Reading has come that far: behind the last event there may be offsets that hold none. */
  void reached(long position) {
    if (waiting.isEmpty()) {
      next = Math.max(next, Math.min(position, stretch.end()));
    }
  }

  /** The next event. */
  public ConsumerRecord<byte[], byte[]> head() {
    return waiting.element();
  }

  /** The time by which the next event is in a row with those of other lanes. */
  long headMillis() {
    return Math.max(clockMillis, head().timestamp());
  }

  /** Where the next event was first. */
  public OriginalPosition headOrigin() {
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

  private static long sizeBytes(ConsumerRecord<byte[], byte[]> record) {
    return RECORD_BYTES
        + Math.max(0, record.serializedKeySize())
        + Math.max(0, record.serializedValueSize());
  }
}
