package io.jimbot.eventbus.service.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.IdempotencyKey;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.Event;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event that another producer wrote into the log, without the bus's headers: what they would say
 * is taken from the event, which is parsed for it, and what the bus would have added is added. The
 * same record gives the same event, whoever reads it. Immutable.
 *
 * @param facts what the headers would say
 * @param value the encoded event
 */
record ForeignEvent(RecordFacts facts, ByteString value) {

  private static final EventCatalogue CATALOGUE = EventCatalogue.builtIn();
  private static final long MILLIS_PER_SECOND = 1000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  /** Reads the event; null if the record holds none, or one without a type. */
  static @Nullable ForeignEvent of(ConsumerRecord<byte[], byte[]> record, RecordFacts told) {
    if (record.value() == null) {
      return null;
    }
    try {
      Event event = Event.parseFrom(ConfluentFrame.message(record.value()));
      String type = EventType.canonical(event.getEventType());
      return type == null ? null : of(completed(event, type, record), told);
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  private static Event completed(Event event, String type, ConsumerRecord<byte[], byte[]> record) {
    Event.Builder completed = event.toBuilder().setEventType(type);
    if (event.getEventId().isEmpty()) {
      completed.setEventId(record.topic() + "-" + record.partition() + "-" + record.offset());
    }
    if (!event.hasReceivedAt()) {
      completed.setReceivedAt(
          Timestamp.newBuilder()
              .setSeconds(Math.floorDiv(record.timestamp(), MILLIS_PER_SECOND))
              .setNanos(
                  (int) Math.floorMod(record.timestamp(), MILLIS_PER_SECOND) * NANOS_PER_MILLI));
    }
    return completed.build();
  }

  private static ForeignEvent of(Event event, RecordFacts told) {
    EventFacts facts = EventFacts.of(event, CATALOGUE.type(event.getEventType()), false);
    return new ForeignEvent(
        new RecordFacts(
            facts.type().topic(),
            facts.type().name(),
            facts.source(),
            facts.version(),
            facts.gameId(),
            told.traceparent(),
            told.forGroup(),
            IdempotencyKey.of(facts),
            told.orderingKey(),
            told.expiresAtMillis()),
        event.toByteString());
  }
}
