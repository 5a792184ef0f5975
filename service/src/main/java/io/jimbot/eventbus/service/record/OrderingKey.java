package io.jimbot.eventbus.service.record;

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
public final class OrderingKey {
  private OrderingKey() {}

  /**
   * The key of an event.
   *
   * @param choice what the sender chose; null or empty if it did not
   * @param producer who sent it
   */
  public static String of(@Nullable String choice, String producer, EventFacts facts) {
    String chosen = unlessEmpty(choice);
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
    return source == null ? producer : source + '@' + producer;
  }

  private static @Nullable String unlessEmpty(@Nullable String name) {
    return name == null || name.isEmpty() ? null : name;
  }
}
