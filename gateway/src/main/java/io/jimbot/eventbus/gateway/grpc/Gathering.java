package io.jimbot.eventbus.gateway.grpc;

import io.jimbot.eventbus.gateway.grpc.Refusals.Violation;
import io.jimbot.events.v1.Batching;
import java.time.Duration;
import java.util.List;

/**
 * How deliveries are gathered into messages. Immutable.
 *
 * @param maxEvents of one message
 * @param maxWait how long the first one waits; zero for not at all
 */
record Gathering(int maxEvents, Duration maxWait) {

  /** What one message holds at most, whatever is asked for. */
  static final long MAX_BYTES = 256 * 1024;

  private static final int USUAL_EVENTS = 256;
  private static final int MOST_EVENTS = 1_000;
  private static final Duration USUAL_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /** Reads what was asked for; what is wrong is added to the violations. */
  static Gathering read(Batching asked, List<Violation> violations) {
    int events = asked.getMaxEvents();
    if (events < 0 || events > MOST_EVENTS) {
      violations.add(
          new Violation("subscription.batching.max_events", "must be at most " + MOST_EVENTS));
    }
    if (events == 0) {
      return new Gathering(USUAL_EVENTS, Duration.ZERO);
    }
    if (!asked.hasMaxWait()) {
      return new Gathering(events, USUAL_WAIT);
    }
    Duration wait = WireDuration.orNull(asked.getMaxWait());
    if (wait == null || wait.compareTo(LONGEST_WAIT) > 0) {
      violations.add(
          new Violation(
              "subscription.batching.max_wait", "must be 0 to " + LONGEST_WAIT.toMillis() + " ms"));
      return new Gathering(events, USUAL_WAIT);
    }
    return new Gathering(events, wait);
  }
}
