package io.jimbot.eventbus.bench;

/**
 * The gateway between two measurements of the plain producer, so that a change of the machine's
 * mood shows as a difference of the two.
 */
record Comparison(Measurement rawBefore, Measurement gateway, Measurement rawAfter) {

  /** The gateway's events a second, as a part of the producer's. */
  double throughputRatio() {
    return gateway.eventsPerSecond()
        / mean(rawBefore.eventsPerSecond(), rawAfter.eventsPerSecond());
  }

  /** The gateway's p99, in units of the producer's. */
  double p99Ratio() {
    return gateway.p99Millis() / mean(rawBefore.p99Millis(), rawAfter.p99Millis());
  }

  /** How many requests of all three did not succeed. */
  long failures() {
    return rawBefore.failures() + gateway.failures() + rawAfter.failures();
  }

  private static double mean(double one, double other) {
    return (one + other) / 2;
  }
}
