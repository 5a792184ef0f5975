package io.jimbot.eventbus.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.record.FactHeaders;
import io.jimbot.eventbus.service.record.HeaderTime;
import io.jimbot.eventbus.service.record.OrderingKey;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Kafka record of an event: the ordering key, the headers, the time of receipt.
 * Immutable.
 */
final class EventRecords {

  private final String topic;
  private final String delayed;
  private final FactHeaders factHeaders;

  /**
   * @param topic the log
   * @param delayed where events wait for their time
   */
  EventRecords(String topic, String delayed, EventCatalogue catalogue) {
    this.topic = topic;
    this.delayed = delayed;
    this.factHeaders = new FactHeaders(catalogue);
  }

  /**
   * The record of an event. Its time is the time of receipt: producers' clocks may be anything, and
   * Kafka's retention and look-up by time need one that goes forward.
   */
  ProducerRecord<byte[], byte[]> record(Submission submission, EventFacts facts, byte[] value) {
    Headers headers = new RecordHeaders();
    factHeaders.addTo(headers, facts);
    Instant deliverAt = submission.timing().deliverAt();
    add(HeaderNames.DELIVER_AT, deliverAt, headers);
    add(HeaderNames.EXPIRES_AT, submission.timing().expiresAt(), headers);
    String traceparent = submission.traceparent();
    if (traceparent != null) {
      headers.add(HeaderNames.TRACEPARENT, traceparent.getBytes(UTF_8));
    }
    byte[] orderingKey =
        OrderingKey.of(submission.orderingKey(), submission.producer(), facts).getBytes(UTF_8);
    return new ProducerRecord<>(
        deliverAt == null ? topic : delayed,
        null,
        submission.receivedAt().toEpochMilli(),
        orderingKey,
        value,
        headers);
  }

  private static void add(String name, @Nullable Instant time, Headers headers) {
    if (time != null) {
      headers.add(name, HeaderTime.of(time.toEpochMilli()));
    }
  }
}
