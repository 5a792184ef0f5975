package io.jimbot.eventbus.gateway.ingest;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What senders may ask about the time of their events.
 *
 * @param maxDelay how far ahead an event may be sent
 */
public record TimingRules(Duration maxDelay) {

  private static final Duration LONGEST_TTL = Duration.ofDays(3650);

  /**
   * Works out when events are to be delivered. A time that has passed means at once.
   *
   * @param deliverAt not before; null for at once
   * @param ttl for how long from {@code now} on; null for as long as they are kept
   * @param now when the events came in
   * @throws SubmissionFault if it makes no sense
   */
  public Timing check(@Nullable Instant deliverAt, @Nullable Duration ttl, Instant now)
      throws SubmissionFault {
    if (ttl != null
        && (ttl.compareTo(Duration.ofMillis(1)) < 0 || ttl.compareTo(LONGEST_TTL) > 0)) {
      throw new SubmissionFault(
          "invalid_ttl", SubmissionFault.Field.TTL, "a time to live is 1 ms to 3650 days");
    }
    Instant expiresAt = ttl == null ? null : now.plus(ttl);
    if (deliverAt == null || !deliverAt.isAfter(now)) {
      return expiresAt == null ? Timing.USUAL : new Timing(null, expiresAt);
    }
    if (expiresAt != null && !deliverAt.isBefore(expiresAt)) {
      throw new SubmissionFault(
          "expires_before_delivery",
          SubmissionFault.Field.DELIVER_AT,
          "the time to live, which counts from now, is over at "
              + expiresAt
              + ", before the event would be delivered");
    }
    if (deliverAt.isAfter(now.plus(maxDelay))) {
      throw new SubmissionFault(
          "delay_too_long",
          SubmissionFault.Field.DELIVER_AT,
          "events can be sent at most " + maxDelay.toSeconds() + " s ahead");
    }
    return new Timing(deliverAt, expiresAt);
  }
}
