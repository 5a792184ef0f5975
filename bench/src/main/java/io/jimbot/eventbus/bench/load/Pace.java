package io.jimbot.eventbus.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * When requests leave.
 *
 * @param perSecond so many a second at even distances, whatever happens to them (an open loop); 0
 *     for the next as soon as one is done (a closed loop)
 */
public record Pace(int perSecond) {

  /** As fast as the other side allows. */
  public static final Pace MAX = new Pace(0);

  /** Checks the number. */
  public Pace {
    if (perSecond < 0) {
      throw new IllegalArgumentException("a rate must not be negative, is " + perSecond);
    }
  }

  /** Reads a number of requests a second, or {@code max}. */
  public static Pace parse(String text) {
    return text.equals("max") ? MAX : new Pace(Integer.parseInt(text));
  }

  /** Whether it is a closed loop. */
  public boolean isClosedLoop() {
    return perSecond == 0;
  }

  /** When the {@code number}th request is meant to leave, if the first one leaves at the start. */
  long due(long startNanos, long number, long nowNanos) {
    return isClosedLoop()
        ? nowNanos
        : startNanos + number * TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  @Override
  public String toString() {
    return isClosedLoop() ? "max" : Integer.toString(perSecond);
  }
}
