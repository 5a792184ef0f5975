package io.jimbot.eventbus.gateway.delivery;

import java.time.Instant;

/** Where a subscription begins. Immutable. */
public sealed interface Start {

  /** With what is stored from now on. */
  record Now() implements Start {}

  /** With the oldest event that is still kept. */
  record Earliest() implements Start {}

  /**
   * With the first event that the bus took in at a time or later; where there is none yet, with
   * what is stored from now on, so that a time in the future means now.
   *
   * @param time the time
   */
  record At(Instant time) implements Start {

    /** In milliseconds since 1970; a time before that counts as then, one beyond reach as never. */
    public long epochMillis() {
      if (time.isBefore(Instant.EPOCH)) {
        return 0;
      }
      boolean reachable = time.isBefore(Instant.ofEpochMilli(Long.MAX_VALUE));
      return reachable ? time.toEpochMilli() : Long.MAX_VALUE;
    }
  }

  /**
   * After what a resume token stands for.
   *
   * @param token the token
   */
  record Resume(ResumeToken token) implements Start {}
}
