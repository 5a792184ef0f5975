package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.eventbus.service.record.VersionHeader;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What is kept has all its headers. An event that another producer wrote to the log, without the
 * bus's headers, gets those that its value says; one of a gateway that said the version of those
 * events only which say it themselves, gets the first.
 */
final class MissingHeaders {

  private MissingHeaders() {}

  /** Adds what is missing; nothing if the record has its headers, or is no event. */
  static void add(Record<byte[], byte[]> record, RecordMetadata place) {
    if (record.value() == null) {
      return;
    }
    if (record.headers().lastHeader(HeaderNames.EVENT_TYPE) == null) {
      addAll(record, place);
    } else {
      addVersion(EventFacts.FIRST_VERSION, record.headers());
    }
  }

  private static void addAll(Record<byte[], byte[]> record, RecordMetadata place) {
    Headers headers = record.headers();
    StoredEvent event =
        new StoredEvent(
            new ConsumerRecord<>(
                place.topic(),
                place.partition(),
                place.offset(),
                record.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                record.value().length,
                record.key(),
                record.value(),
                headers,
                Optional.empty()));
    if (event.type().isEmpty()) {
      return;
    }
    add(HeaderNames.EVENT_TYPE, event.type(), headers);
    add(HeaderNames.TOPIC, event.topic(), headers);
    add(HeaderNames.SOURCE, event.source(), headers);
    add(HeaderNames.GAME_ID, event.gameId(), headers);
    addVersion(event.version(), headers);
    byte[] identity = event.idempotencyKey();
    if (identity != null && headers.lastHeader(HeaderNames.IDEMPOTENCY_KEY) == null) {
      headers.add(HeaderNames.IDEMPOTENCY_KEY, identity);
    }
  }

  private static void addVersion(int version, Headers headers) {
    if (headers.lastHeader(HeaderNames.VERSION) == null) {
      headers.add(VersionHeader.of(version));
    }
  }

  private static void add(String name, @Nullable String value, Headers headers) {
    if (value != null && headers.lastHeader(name) == null) {
      headers.add(name, value.getBytes(UTF_8));
    }
  }
}
