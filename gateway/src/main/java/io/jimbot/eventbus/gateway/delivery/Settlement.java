package io.jimbot.eventbus.gateway.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a subscriber says of a delivery. Immutable. */
public sealed interface Settlement {

  /** It is done with. */
  record Acknowledge() implements Settlement {}

  /**
   * It failed; deliver it again.
   *
   * @param delay how long to wait; null for the policy's backoff
   * @param reason why, for a person; may be empty
   */
  record Retry(@Nullable Duration delay, String reason) implements Settlement {}

  /**
   * It failed for good: to the dead letters.
   *
   * @param reason why, for a person; may be empty
   */
  record Park(String reason) implements Settlement {}

  /** It counts as done, though it was not. */
  record Skip() implements Settlement {}

  /**
   * It takes longer.
   *
   * @param by how long from now
   */
  record Extend(Duration by) implements Settlement {}
}
