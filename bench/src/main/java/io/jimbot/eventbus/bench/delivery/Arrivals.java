package io.jimbot.eventbus.bench.delivery;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * When each event was meant to leave and how long it took to arrive. Written by the thread that
 * sends and by those that receive.
 */
final class Arrivals {

  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int DIGITS = 3;

  /** Of an event that is not under way. */
  private static final long NONE = 0;

  private final AtomicLongArray dues;
  private final Histogram latencies = new ConcurrentHistogram(LONGEST_NANOS, DIGITS);
  private final int copies;

  /**
   * For events with numbers up to a size.
   *
   * @param copies how many subscribers get each; only the first arrival ends the wait, all count
   */
  Arrivals(int size, int copies) {
    this.dues = new AtomicLongArray(size);
    this.copies = copies;
  }

  void sent(int number, long dueNanoTime) {
    dues.set(number, dueNanoTime);
  }

  void arrived(int number, long nanoTime) {
    long due = dues.get(number);
    if (due != NONE) {
      latencies.recordValue(Math.min(LONGEST_NANOS, Math.max(0, nanoTime - due)));
    }
  }

  /** Forgets what was measured so far; what is under way still counts. */
  void reset() {
    latencies.reset();
  }

  Histogram latencies() {
    return latencies.copy();
  }

  /** How many arrivals there were, for each subscriber. */
  long events() {
    return latencies.getTotalCount() / copies;
  }
}
