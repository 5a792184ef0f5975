package io.jimbot.eventbus.processor.replay;

import java.util.concurrent.TimeUnit;

/**
 * Says when the next event is due, on the caller's monotonic clock. Times are counted from one
 * anchor, not from event to event, so that nothing adds up. For one thread.
 *
 * <p>In the original timing, events that are late go at once until the schedule is met again. A
 * rate spaces events evenly, and makes up for at most {@value #MAKE_UP_MILLIS} ms that were lost.
 */
final class Pacer {

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MAKE_UP_MILLIS = 100;

  private final double speed;
  private final double nanosPerEvent;

  private boolean anchored;
  private long anchorNanos;
  private long anchorMillis;
  private long latestMillis;

  /** When the rate allows the next event; counted in fractions, as a rate may be of any size. */
  private double nextByRate;

  /**
   * Begins with its first event.
   *
   * @param speed how much faster than the original timing; 0: as fast as possible
   * @param maxRate events a second; 0: no limit
   */
  Pacer(double speed, double maxRate) {
    this.speed = speed;
    this.nanosPerEvent = maxRate == 0 ? 0 : NANOS_PER_SECOND / maxRate;
  }

  /** Whether an event may ever have to wait. */
  boolean isPaced() {
    return speed > 0 || nanosPerEvent > 0;
  }

  /**
   * An event was replayed before this pacer began, just now or a while ago: what follows keeps its
   * distance from it, counted from now.
   *
   * @param eventMillis when the bus took that event in
   */
  void goOnAfter(long eventMillis, long nowNanos) {
    anchor(eventMillis, nowNanos);
  }

  /**
   * When the next event is due; to be asked as often as one likes.
   *
   * @param eventMillis when the bus took it in
   */
  long dueNanos(long eventMillis, long nowNanos) {
    if (!anchored) {
      anchor(eventMillis, nowNanos);
    }
    long due = nowNanos;
    if (speed > 0) {
      long millis = Math.max(eventMillis, latestMillis) - anchorMillis;
      due = anchorNanos + (long) (TimeUnit.MILLISECONDS.toNanos(millis) / speed);
    }
    return nanosPerEvent == 0 ? due : Math.max(due, anchorNanos + (long) nextByRate);
  }

  /** The event that was asked about goes now. */
  void gone(long eventMillis, long nowNanos) {
    latestMillis = Math.max(latestMillis, eventMillis);
    if (nanosPerEvent > 0) {
      double earliest =
          (nowNanos - anchorNanos) - (double) TimeUnit.MILLISECONDS.toNanos(MAKE_UP_MILLIS);
      nextByRate = Math.max(nextByRate, earliest) + nanosPerEvent;
    }
  }

  private void anchor(long eventMillis, long nowNanos) {
    anchored = true;
    anchorNanos = nowNanos;
    anchorMillis = eventMillis;
    latestMillis = eventMillis;
  }
}
