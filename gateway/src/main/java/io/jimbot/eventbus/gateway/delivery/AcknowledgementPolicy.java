package io.jimbot.eventbus.gateway.delivery;

import java.time.Duration;

/**
 * How deliveries are acknowledged and what happens to those that are not. Immutable.
 *
 * @param timeout how long a delivery may stay unacknowledged; then it counts as a failed attempt,
 *     also while it is not known yet that the client's machine has vanished
 * @param maxAttempts failed attempts after which an event goes to the dead letters, from 1
 * @param minBackoff how long an event waits after its first failed attempt; doubles each time
 * @param maxBackoff the longest wait
 * @param maxOutstandingEvents how many events may be delivered and unacknowledged, from 1
 * @param maxOutstandingBytes how many bytes these may have; the last one may pass it
 * @param strictOrder whether an event of a group is delivered only once the one before it in its
 *     ordering key is settled
 */
public record AcknowledgementPolicy(
    Duration timeout,
    int maxAttempts,
    Duration minBackoff,
    Duration maxBackoff,
    int maxOutstandingEvents,
    long maxOutstandingBytes,
    boolean strictOrder) {

  /** How long an event waits after so many failed attempts, from 1. */
  public Duration backoff(int failedAttempts) {
    int doublings = Math.min(failedAttempts - 1, 30);
    Duration wait = minBackoff.multipliedBy(1L << doublings);
    return wait.compareTo(maxBackoff) < 0 ? wait : maxBackoff;
  }
}
