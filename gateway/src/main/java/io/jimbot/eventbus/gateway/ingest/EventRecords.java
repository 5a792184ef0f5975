package io.jimbot.eventbus.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.IdempotencyKey;
import io.jimbot.eventbus.service.record.HeaderTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Kafka record of an event: the ordering key, the headers, the time of receipt. What the
 * value is, the producer's serializer says. Immutable.
 */
final class EventRecords {

  private final String topic;
  private final String delayed;
  private final Map<String, TypeHeaders> known = new HashMap<>();

  /**
   * @param topic the log
   * @param delayed where events wait for their time
   */
  EventRecords(String topic, String delayed, EventCatalogue catalogue) {
    this.topic = topic;
    this.delayed = delayed;
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

  /**
   * The record of an event. Its time is the time of receipt: producers' clocks may be anything, and
   * Kafka's retention and look-up by time need one that goes forward.
   */
  ProducerRecord<byte[], byte[]> record(Submission submission, EventFacts facts, byte[] value) {
    Headers headers = new RecordHeaders();
    TypeHeaders shared = known.get(facts.type().name());
    TypeHeaders type = shared != null ? shared : TypeHeaders.of(facts.type());
    headers.add(type.type());
    headers.add(type.topic());
    add(HeaderNames.EVENT_ID, facts.eventId(), headers);
    add(HeaderNames.SUBTYPE, facts.subtype(), headers);
    add(HeaderNames.SOURCE, facts.source(), headers);
    add(HeaderNames.GAME_ID, game(facts), headers);
    Long version = facts.version();
    if (version != null) {
      add(HeaderNames.VERSION, version.toString(), headers);
    }
    Instant deliverAt = submission.timing().deliverAt();
    add(HeaderNames.DELIVER_AT, deliverAt, headers);
    add(HeaderNames.EXPIRES_AT, submission.timing().expiresAt(), headers);
    add(HeaderNames.TRACEPARENT, submission.traceparent(), headers);
    headers.add(HeaderNames.IDEMPOTENCY_KEY, IdempotencyKey.of(facts));
    byte[] orderingKey = OrderingKey.of(submission, facts).getBytes(UTF_8);
    return new ProducerRecord<>(
        deliverAt == null ? topic : delayed,
        null,
        submission.receivedAt().toEpochMilli(),
        orderingKey,
        value,
        headers);
  }

  /** The game, by the envelope or else by the payload; null if neither knows it. */
  static @Nullable String game(EventFacts facts) {
    String game = facts.gameId() != null ? facts.gameId() : facts.payloadGameId();
    return EventFacts.UNKNOWN_GAME.equals(game) ? null : game;
  }

  private static void add(String name, @Nullable Instant time, Headers headers) {
    if (time != null) {
      headers.add(name, HeaderTime.of(time.toEpochMilli()));
    }
  }

  private static void add(String name, @Nullable String value, Headers headers) {
    if (value != null) {
      headers.add(name, value.getBytes(UTF_8));
    }
  }
}
