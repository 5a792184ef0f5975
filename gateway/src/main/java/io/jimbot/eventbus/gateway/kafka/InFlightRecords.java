package io.jimbot.eventbus.gateway.kafka;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the records that Kafka has not answered yet, by when they were handed over, in slots of
 * 100 ms: the age of the oldest is wanted, and a queue of all of them would cost more than the
 * counting. Thread-safe without locks.
 */
final class InFlightRecords {

  private static final long SLOT_NANOS = Duration.ofMillis(100).toNanos();

  /**
   * One counter for each slot, in a ring longer than any record can be in flight. Written and read
   * by all threads.
   */
  private final AtomicIntegerArray slots;

  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  InFlightRecords(Duration longestFlight) {
    this.slots = new AtomicIntegerArray((int) (2 * longestFlight.toNanos() / SLOT_NANOS) + 20);
  }

  /** Counts a record in; {@code nowNanos} must be given to {@link #landed} again. */
  void started(long nowNanos, int sizeBytes) {
    slots.incrementAndGet(slot(nowNanos));
    records.incrementAndGet();
    bytes.addAndGet(sizeBytes);
  }

  void landed(long startedNanos, int sizeBytes) {
    slots.decrementAndGet(slot(startedNanos));
    records.decrementAndGet();
    bytes.addAndGet(-sizeBytes);
  }

  long records() {
    return records.get();
  }

  long bytes() {
    return bytes.get();
  }

  /**
   * When the oldest record's slot ended, by the same clock: at most 100 ms after its hand-over;
   * empty if none.
   */
  OptionalLong oldestNanos(long nowNanos) {
    long current = Math.floorDiv(nowNanos, SLOT_NANOS);
    for (long n = current - slots.length() + 1; n <= current; n++) {
      if (slots.get((int) Math.floorMod(n, (long) slots.length())) > 0) {
        return OptionalLong.of(Math.min(nowNanos, (n + 1) * SLOT_NANOS));
      }
    }
    return OptionalLong.empty();
  }

  private int slot(long nanos) {
    return (int) Math.floorMod(Math.floorDiv(nanos, SLOT_NANOS), (long) slots.length());
  }
}
