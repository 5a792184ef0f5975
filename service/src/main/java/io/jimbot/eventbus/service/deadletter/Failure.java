package io.jimbot.eventbus.service.deadletter;

import io.jimbot.events.v1.DeadLetterStage;
import java.time.Instant;

/**
 * How something failed.
 *
 * @param stage which part of the bus gave up
 * @param reason why it gave up
 * @param message what is wrong, for a person
 * @param attempts how often it was tried, at least 1
 * @param first when it failed first
 * @param last when it failed last
 */
public record Failure(
    DeadLetterStage stage,
    DeadLetterReason reason,
    String message,
    int attempts,
    Instant first,
    Instant last) {

  /** It was tried once. */
  public static Failure once(
      DeadLetterStage stage, DeadLetterReason reason, String message, Instant at) {
    return new Failure(stage, reason, message, 1, at, at);
  }
}
