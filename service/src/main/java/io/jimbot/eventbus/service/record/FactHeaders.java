package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.IdempotencyKey;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Writes what an event says of itself into the headers of its record. Immutable. */
public final class FactHeaders {

  /** What the value of an event's record is, unless a schema registry is configured. */
  public static final String CONTENT_TYPE =
      "application/x-protobuf; messageType=jimbot.events.v1.Event";

  private final Map<String, TypeHeaders> known = new HashMap<>();

  /** The headers of known types are made once. */
  public FactHeaders(EventCatalogue catalogue) {
    catalogue.types().forEach(type -> known.put(type.name(), TypeHeaders.of(type)));
  }

  /** The headers that all events of a type share. */
  private record TypeHeaders(RecordHeader type, RecordHeader topic) {
    static TypeHeaders of(EventType type) {
      return new TypeHeaders(
          new RecordHeader(HeaderNames.EVENT_TYPE, type.name().getBytes(UTF_8)),
          new RecordHeader(HeaderNames.TOPIC, type.topic().getBytes(UTF_8)));
    }
  }

  /** Adds the headers of an event, but for the one that says what the value is. */
  public void addTo(Headers headers, EventFacts facts) {
    TypeHeaders shared = known.get(facts.type().name());
    TypeHeaders type = shared != null ? shared : TypeHeaders.of(facts.type());
    headers.add(type.type());
    headers.add(type.topic());
    add(HeaderNames.EVENT_ID, facts.eventId(), headers);
    add(HeaderNames.SUBTYPE, facts.subtype(), headers);
    add(HeaderNames.SOURCE, facts.source(), headers);
    add(HeaderNames.GAME_ID, game(facts), headers);
    headers.add(VersionHeader.of(facts.version()));
    headers.add(HeaderNames.IDEMPOTENCY_KEY, IdempotencyKey.of(facts));
  }

  /** The game, by the envelope or else by the payload; null if neither knows it. */
  public static @Nullable String game(EventFacts facts) {
    String game = facts.gameId() != null ? facts.gameId() : facts.payloadGameId();
    return EventFacts.UNKNOWN_GAME.equals(game) ? null : game;
  }

  private static void add(String name, @Nullable String value, Headers headers) {
    if (value != null) {
      headers.add(name, value.getBytes(UTF_8));
    }
  }
}
