package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.catalogue.Catalogue;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.GameState;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event as the gateway writes it to the log.
 *
 * @param id its id, and unless said otherwise its identity
 * @param identity what its idempotency key is made of
 * @param at when it was taken in
 */
public record TestEvent(
    String type,
    String id,
    String identity,
    @Nullable String game,
    Instant at,
    RecordHeaders more,
    Event.Builder event) {

  /** When the tests begin. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final Catalogue CATALOGUE = Catalogue.builtIn();
  private static final int IDENTITY_BYTES = 16;

  /** One of a type. */
  public static TestEvent of(String type, String id) {
    return new TestEvent(
        type,
        id,
        id,
        null,
        START,
        new RecordHeaders(),
        Event.newBuilder().setEventType(type).setEventId(id));
  }

  /** The same, taken in at a time. */
  public TestEvent at(Instant time) {
    return new TestEvent(type, id, identity, game, time, more, event);
  }

  /** The same id, and yet another event. */
  public TestEvent identifiedBy(String other) {
    return new TestEvent(type, id, other, game, at, more, event);
  }

  /** A state of a game, by the game's clock. */
  public TestEvent stateOf(String name, long seconds) {
    Event.Builder state =
        event.clone().setGameState(GameState.newBuilder().setGameId(name).setTimestamp(seconds));
    return new TestEvent(type, id, identity, name, at, more, state);
  }

  /** With a header more, or in the place of one. */
  public TestEvent with(String header, String value) {
    RecordHeaders headers = new RecordHeaders(more);
    headers.add(header, value.getBytes(UTF_8));
    return new TestEvent(type, id, identity, game, at, headers, event);
  }

  /** Its encoding. */
  public byte[] value() {
    return event.build().toByteArray();
  }

  /** Its headers. */
  public RecordHeaders headers() {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.EVENT_TYPE, type.getBytes(UTF_8));
    headers.add(HeaderNames.TOPIC, CATALOGUE.events().type(type).topic().getBytes(UTF_8));
    headers.add(HeaderNames.EVENT_ID, id.getBytes(UTF_8));
    headers.add(HeaderNames.VERSION, "1".getBytes(UTF_8));
    headers.add(
        HeaderNames.IDEMPOTENCY_KEY, Arrays.copyOf(identity.getBytes(UTF_8), IDENTITY_BYTES));
    headers.add(
        HeaderNames.CONTENT_TYPE,
        "application/x-protobuf; messageType=jimbot.events.v1.Event".getBytes(UTF_8));
    if (game != null) {
      headers.add(HeaderNames.GAME_ID, game.getBytes(UTF_8));
    }
    more.forEach(
        header -> {
          headers.remove(header.key());
          headers.add(header);
        });
    return headers;
  }

  /** Its ordering key. */
  public byte[] key() {
    return (game == null ? "sender" : game).getBytes(UTF_8);
  }

  /** For a test driver. */
  public TestRecord<byte[], byte[]> record() {
    return new TestRecord<>(key(), value(), headers(), at);
  }
}
