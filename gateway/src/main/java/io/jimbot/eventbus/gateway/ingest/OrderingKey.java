package io.jimbot.eventbus.gateway.ingest;

import io.jimbot.eventbus.event.EventFacts;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the key under which events keep their order: Kafka keeps records of one key in one
 * partition.
 *
 * <p>In this order: the sender's own choice, the game of the envelope (the event's or the batch's),
 * the session, and else the sender with the source. The game that a payload names does not count:
 * BalatroMCP names it in GAME_STATE only, so its states would leave the row of the changes between
 * them.
 */
final class OrderingKey {
  private OrderingKey() {}

  static String of(Submission submission, EventFacts facts) {
    String chosen = unlessEmpty(submission.orderingKey());
    if (chosen != null) {
      return chosen;
    }
    String game = unlessEmpty(facts.gameId());
    if (game != null && !game.equals(EventFacts.UNKNOWN_GAME)) {
      return game;
    }
    String session = unlessEmpty(facts.sessionId());
    if (session != null) {
      return session;
    }
    String source = facts.source();
    return source == null ? submission.producer() : source + '@' + submission.producer();
  }

  private static @Nullable String unlessEmpty(@Nullable String name) {
    return name == null || name.isEmpty() ? null : name;
  }
}
