package io.jimbot.eventbus.gateway.delivery;

import java.time.Instant;

/** Where a subscription begins. Immutable. */
public sealed interface Start {

  /** With what is stored from now on. */
  record Now() implements Start {}

  /** With the oldest event that is still kept. */
  record Earliest() implements Start {}

  /**
   * With the first event that the bus took in at a time or later.
   *
   * @param time the time
   */
  record At(Instant time) implements Start {}

  /**
   * After what a resume token stands for.
   *
   * @param token the token
   */
  record Resume(ResumeToken token) implements Start {}
}
