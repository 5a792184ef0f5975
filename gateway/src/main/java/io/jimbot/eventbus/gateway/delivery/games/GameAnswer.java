package io.jimbot.eventbus.gateway.delivery.games;

import io.jimbot.eventbus.service.record.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * What came of the question for a state.
 *
 * @param kind what came of it
 * @param state the state; null unless it was found
 */
public record GameAnswer(Kind kind, @Nullable StoredEvent state) {

  /** What can come of it. */
  public enum Kind {
    /** Here it is. */
    FOUND,
    /** No state of that game is known. */
    UNKNOWN,
    /** Kafka is away, or no processor has made the topic yet. */
    UNAVAILABLE,
    /** Too many wait. */
    BUSY
  }

  static GameAnswer of(Kind kind) {
    return new GameAnswer(kind, null);
  }
}
