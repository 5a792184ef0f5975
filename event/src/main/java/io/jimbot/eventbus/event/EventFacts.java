package io.jimbot.eventbus.event;

import org.jspecify.annotations.Nullable;

/**
 * What the bus needs to know of an event to identify, key and route it, without looking into its
 * payload again.
 *
 * @param type the type
 * @param subtype the subtype as the producer wrote it
 * @param eventId the producer's id, or the one that the bus assigned
 * @param eventIdAssigned whether the bus assigned the id
 * @param source who made the event: the event's own word, else that of the batch around it
 * @param gameId the game, by the envelope: the event's own word, else that of the batch around it
 * @param payloadGameId the game, by the payload; only some types tell it, so it cannot order events
 * @param sessionId the producer's session: the event's own word, else that of the batch around it
 * @param version the version of the payload's schema
 * @param clock the event's own time as the producer wrote it, in whatever form
 */
public record EventFacts(
    EventType type,
    @Nullable String subtype,
    String eventId,
    boolean eventIdAssigned,
    @Nullable String source,
    @Nullable String gameId,
    @Nullable String payloadGameId,
    @Nullable String sessionId,
    @Nullable Long version,
    @Nullable String clock) {
  /** What BalatroMCP writes for a game that it does not know; it names none. */
  public static final String UNKNOWN_GAME = "unknown";
}
