package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.time.Duration;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** An event that Kafka has given to a worker. Belongs to its {@link AcquiredEvents}. */
final class Acquired {

  /** Where it stands. */
  enum State {
    /** Whether it repeats an earlier one is to be found out. */
    UNJUDGED,
    /** To be delivered. */
    WAITING,
    /** Delivered; the time is when it counts as failed. */
    OUT,
    /** Failed; the time is when it is given back to Kafka. */
    BACKOFF,
    /** Given up; the time is when it is put into the dead letters. */
    GIVEN_UP,
    /** On its way to the dead letters. */
    PARKING,
    /** Kafka is to be told what became of it. */
    DECIDED
  }

  final ConsumerRecord<byte[], byte[]> record;
  final StoredEvent event;

  /** Which member of the share group has its lock. */
  final ShareMember holder;

  /** How often Kafka has given it to a worker of this queue, from 1. */
  final int attempt;

  State state = State.UNJUDGED;

  /** By {@link System#nanoTime}; what it means depends on the state. */
  long untilNanos;

  /** What Kafka is to be told. */
  AcknowledgeType decision = AcknowledgeType.RELEASE;

  /** Whether Kafka's lock is held; false while it is being renewed. */
  boolean held = true;

  /** When this delivery failed, in milliseconds since 1970; 0 if it has not. */
  long failedMillis;

  /** Why it is to be parked: a word of a fixed list. */
  DeadLetterReason parkReason = DeadLetterReason.PARKED;

  /** What the worker said. */
  String message = "";

  Acquired(ConsumerRecord<byte[], byte[]> record, ShareMember holder) {
    this.record = record;
    this.holder = holder;
    this.event = new StoredEvent(record);
    this.attempt = record.deliveryCount().orElse((short) 1);
  }

  /**
   * This delivery failed: it is given back to Kafka after a while, or given up.
   *
   * @param delay how long it waits; null for the policy's time
   */
  void fail(String why, @Nullable Duration delay, AcknowledgementPolicy policy) {
    if (attempt >= policy.maxAttempts()) {
      giveUp(DeadLetterReason.ATTEMPTS_EXHAUSTED, why);
    } else {
      failedMillis = System.currentTimeMillis();
      Duration wait = delay == null ? policy.backoff(attempt) : delay;
      state = State.BACKOFF;
      untilNanos = System.nanoTime() + wait.toNanos();
    }
  }

  /** It failed for good: to the dead letters. */
  void giveUp(DeadLetterReason reason, String why) {
    failedMillis = System.currentTimeMillis();
    state = State.GIVEN_UP;
    parkReason = reason;
    message = why;
    untilNanos = System.nanoTime();
  }

  /** Whether it is to take some of its worker's room. */
  boolean isToBeDelivered() {
    return state == State.UNJUDGED || state == State.WAITING;
  }

  /** Kafka is to be told so. */
  void decide(AcknowledgeType what) {
    state = State.DECIDED;
    decision = what;
  }
}
