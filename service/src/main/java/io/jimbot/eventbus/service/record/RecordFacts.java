package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.HeaderNames;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What filters and routing need to know of an event. Immutable.
 *
 * @param topic the logical topic; empty if the record is no event
 * @param type the canonical type; empty if the record is no event
 * @param source who made it
 * @param version the version of its payload's schema, from 1
 * @param gameId the game that it belongs to
 * @param traceparent the W3C trace context that it was published under
 * @param forGroup the one group that it is meant for, see {@link HeaderNames#FOR_GROUP}
 * @param idempotencyKey tells repetitions, see {@link HeaderNames#IDEMPOTENCY_KEY}
 * @param orderingKey if it is not the record's, see {@link HeaderNames#ORDERING_KEY}
 * @param expiresAtMillis from when on nobody is to get it, in milliseconds since 1970
 */
@SuppressWarnings("ArrayRecordComponent")
record RecordFacts(
    String topic,
    String type,
    @Nullable String source,
    int version,
    @Nullable String gameId,
    @Nullable String traceparent,
    @Nullable String forGroup,
    byte @Nullable [] idempotencyKey,
    byte @Nullable [] orderingKey,
    long expiresAtMillis) {

  private static final long NEVER = Long.MAX_VALUE;

  /** Of a record that is no event. */
  static final RecordFacts NONE =
      new RecordFacts("", "", null, EventFacts.FIRST_VERSION, null, null, null, null, null, NEVER);

  /** As the bus writes them into a record's headers; without a topic, if it did not write it. */
  static RecordFacts of(Headers headers) {
    String topic = "";
    String type = "";
    String source = null;
    int version = EventFacts.FIRST_VERSION;
    String game = null;
    String trace = null;
    String group = null;
    byte[] identity = null;
    byte[] order = null;
    long expiry = NEVER;
    for (Header header : headers) {
      byte[] value = header.value();
      if (value != null) {
        switch (header.key()) {
          case HeaderNames.TOPIC -> topic = new String(value, UTF_8);
          case HeaderNames.EVENT_TYPE -> type = new String(value, UTF_8);
          case HeaderNames.SOURCE -> source = new String(value, UTF_8);
          case HeaderNames.VERSION -> version = VersionHeader.read(value);
          case HeaderNames.GAME_ID -> game = new String(value, UTF_8);
          case HeaderNames.TRACEPARENT -> trace = new String(value, UTF_8);
          case HeaderNames.FOR_GROUP -> group = new String(value, UTF_8);
          case HeaderNames.IDEMPOTENCY_KEY -> identity = value;
          case HeaderNames.ORDERING_KEY -> order = value;
          case HeaderNames.EXPIRES_AT -> expiry = HeaderTime.millis(value, NEVER);
          default -> {}
        }
      }
    }
    return new RecordFacts(
        topic, type, source, version, game, trace, group, identity, order, expiry);
  }

  RecordFacts inVersion(int other) {
    return new RecordFacts(
        topic,
        type,
        source,
        other,
        gameId,
        traceparent,
        forGroup,
        idempotencyKey,
        orderingKey,
        expiresAtMillis);
  }

  boolean areTold() {
    return !topic.isEmpty();
  }
}
