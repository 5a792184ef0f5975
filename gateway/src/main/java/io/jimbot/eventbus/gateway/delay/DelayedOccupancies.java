package io.jimbot.eventbus.gateway.delay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.events.v1.DelayedOccupancy;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many delayed events there are: what the processor has reported, and what this gateway has
 * taken in since. Other gateways' events show with the next report, so that together they may pass
 * the limit by what they take in within a second or two. Thread-safe.
 */
final class DelayedOccupancies {

  /** What was taken in so shortly before a report may not be in it. */
  private static final long REPORT_DELAY_SECONDS = 3;

  private static final Amount NOTHING = new Amount(0, 0);

  private final long maxEvents;
  private final long maxBytes;

  @GuardedBy("this")
  private final Map<Integer, Amount> reported = new HashMap<>();

  /** Own events that no report has yet, by the second in which they came. */
  @GuardedBy("this")
  private final TreeMap<Long, Amount> unreported = new TreeMap<>();

  private record Amount(long events, long bytes) {
    Amount plus(Amount other) {
      return new Amount(events + other.events, bytes + other.bytes);
    }
  }

  DelayedOccupancies(long maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /** Whether one more may wait; counts it if so. */
  synchronized boolean admit(long bytes, long nowMillis) {
    Amount all = all();
    if (all.events() >= maxEvents || all.bytes() + bytes > maxBytes) {
      return false;
    }
    unreported.merge(nowMillis / 1_000, new Amount(1, bytes), Amount::plus);
    return true;
  }

  /** The processor says how many of a partition there are. */
  synchronized void report(int partition, DelayedOccupancy occupancy, long timeSeconds) {
    reported.put(partition, new Amount(occupancy.getEvents(), occupancy.getBytes()));
    unreported.headMap(timeSeconds - REPORT_DELAY_SECONDS).clear();
  }

  /** How many there are, as far as it is known. */
  synchronized long events() {
    return all().events();
  }

  @GuardedBy("this")
  private Amount all() {
    Amount all = NOTHING;
    for (Amount amount : reported.values()) {
      all = all.plus(amount);
    }
    for (Amount amount : unreported.values()) {
      all = all.plus(amount);
    }
    return all;
  }
}
