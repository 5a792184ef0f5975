package io.jimbot.eventbus.event;

import com.google.protobuf.Timestamp;
import io.jimbot.events.v1.Event;
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
 * @param version the version of the payload's schema, counted from {@value #FIRST_VERSION}, which
 *     it also is if the event says none, or none that can be one
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
    int version,
    @Nullable String clock) {
  /** What BalatroMCP writes for a game that it does not know; it names none. */
  public static final String UNKNOWN_GAME = "unknown";

  /** The version of an event that says none. */
  public static final int FIRST_VERSION = 1;

  /** An event has a version in any case. */
  public EventFacts {
    version = Math.max(FIRST_VERSION, version);
  }

  /**
   * The facts of an event that came as Protobuf.
   *
   * @param event with its id
   * @param eventIdAssigned whether the bus assigned it
   */
  public static EventFacts of(Event event, EventType type, boolean eventIdAssigned) {
    return new EventFacts(
        type,
        orNull(event.getSubtype()),
        event.getEventId(),
        eventIdAssigned,
        orNull(event.getSource()),
        orNull(event.getGameId()),
        null,
        orNull(event.getSessionId()),
        event.getVersion(),
        clock(event));
  }

  private static @Nullable String clock(Event event) {
    if (event.hasMonotonicMs()) {
      return Double.toString(event.getMonotonicMs());
    }
    Timestamp time = event.getTimestamp();
    return event.hasTimestamp() ? time.getSeconds() + "." + time.getNanos() : null;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
