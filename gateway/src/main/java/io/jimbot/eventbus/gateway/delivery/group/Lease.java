package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.nio.ByteBuffer;

/** An event of a partition that is not settled. Belongs to its {@link PartitionLeases}. */
final class Lease {

  /** Where it stands. */
  enum State {
    /** To be delivered, as soon as nothing of its key is in the way. */
    WAITING,
    /** Delivered; the time is when it counts as failed. */
    OUT,
    /** Failed; the time is when it may be delivered again. */
    BACKOFF,
    /** Given up; the time is when it is put into the dead letters. */
    GIVEN_UP,
    /** On its way to the dead letters. */
    PARKING
  }

  final StoredEvent event;
  final ByteBuffer key;
  State state = State.WAITING;

  /** By {@link System#nanoTime}; what it means depends on the state. */
  long untilNanos;

  /** The number of its last delivery, which the member gives to no other; 0 before the first. */
  int delivery;

  /** How often it has failed, with other members included. */
  int failures;

  /** When it failed first, in milliseconds since 1970; 0 if it has not, here. */
  long firstFailedMillis;

  /** When it failed last. */
  long lastFailedMillis;

  /** Why it is to be parked: a word of a fixed list. */
  DeadLetterReason parkReason = DeadLetterReason.PARKED;

  /** What the subscriber said last. */
  String message = "";

  Lease(StoredEvent event, int failures) {
    this.event = event;
    this.key = ByteBuffer.wrap(event.orderingKey());
    this.failures = failures;
  }

  /** Whether nothing of the same key that lies behind it may be delivered. */
  boolean isInTheWay() {
    return state == State.BACKOFF || state == State.GIVEN_UP || state == State.PARKING;
  }
}
