package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.JsonForm;
import io.jimbot.events.v1.TimestampForm;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the decoder has read of one event's envelope, apart from what it has written into the event
 * already.
 */
final class Envelope {
  @Nullable EventType type;
  boolean typeUnderType;
  @Nullable String subtype;
  @Nullable String eventId;
  @Nullable String source;
  @Nullable String gameId;
  @Nullable String sessionId;

  /** 0 if the event says none. */
  int version;

  @Nullable String clock;
  @Nullable String payloadGameId;
  TimestampForm timestampForm = TimestampForm.TIMESTAMP_FORM_UNSPECIFIED;

  boolean payloadSeen;
  boolean payloadUnderData;

  /** Where the payload begins in the body, while it waits for the type; -1 if it does not. */
  int deferredPayload = -1;

  int deferredNameFrom;
  int deferredNameTo;

  private boolean eventIdAssigned;

  /**
   * Completes the event with what the batch and the bus add.
   *
   * @param out takes the fields to be appended to those that the decoder has written
   * @param ids asked for an id if the event has none
   */
  EventFacts complete(
      WireWriter out, BatchContext batch, Instant receivedAt, Supplier<String> ids) {
    EventType known = type;
    if (known == null) {
      throw new IllegalStateException("an event without a type is not to be completed");
    }
    String id = eventId;
    if (id == null) {
      eventIdAssigned = true;
      id = ids.get();
      string(out, Event.EVENT_ID_FIELD_NUMBER, id);
    }
    inherit(out, Event.SOURCE_FIELD_NUMBER, source, batch.source());
    inherit(out, Event.GAME_ID_FIELD_NUMBER, gameId, batch.gameId());
    inherit(out, Event.SESSION_ID_FIELD_NUMBER, sessionId, batch.sessionId());
    String batchId = batch.batchId();
    if (batchId != null) {
      string(out, Event.BATCH_ID_FIELD_NUMBER, batchId);
    }
    TimestampReader.write(
        out, Event.RECEIVED_AT_FIELD_NUMBER, receivedAt.getEpochSecond(), receivedAt.getNano());
    form(out, batch);
    return new EventFacts(
        known,
        subtype,
        id,
        eventIdAssigned,
        either(source, batch.source()),
        either(gameId, batch.gameId()),
        payloadGameId,
        either(sessionId, batch.sessionId()),
        version,
        clock);
  }

  private static @Nullable String either(@Nullable String own, @Nullable String inherited) {
    return own != null ? own : inherited;
  }

  private static void inherit(
      WireWriter out, int number, @Nullable String own, @Nullable String inherited) {
    if (own == null && inherited != null) {
      string(out, number, inherited);
    }
  }

  private static void string(WireWriter out, int number, String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    out.bytes(number, utf8, 0, utf8.length);
  }

  /** Writes how the JSON was spelled. */
  void form(WireWriter out, BatchContext batch) {
    int mark = out.open(Event.JSON_FORM_FIELD_NUMBER);
    flag(out, JsonForm.TYPE_UNDER_TYPE_FIELD_NUMBER, typeUnderType);
    flag(out, JsonForm.PAYLOAD_UNDER_DATA_FIELD_NUMBER, payloadUnderData);
    if (timestampForm != TimestampForm.TIMESTAMP_FORM_UNSPECIFIED) {
      out.int64(JsonForm.TIMESTAMP_FORM_FIELD_NUMBER, timestampForm.getNumber());
    }
    flag(out, JsonForm.EVENT_ID_ASSIGNED_FIELD_NUMBER, eventIdAssigned);
    flag(out, JsonForm.SOURCE_OF_BATCH_FIELD_NUMBER, source == null && batch.source() != null);
    flag(out, JsonForm.GAME_ID_OF_BATCH_FIELD_NUMBER, gameId == null && batch.gameId() != null);
    flag(
        out,
        JsonForm.SESSION_ID_OF_BATCH_FIELD_NUMBER,
        sessionId == null && batch.sessionId() != null);
    out.close(mark);
  }

  private static void flag(WireWriter out, int number, boolean value) {
    if (value) {
      out.bool(number, true);
    }
  }
}
