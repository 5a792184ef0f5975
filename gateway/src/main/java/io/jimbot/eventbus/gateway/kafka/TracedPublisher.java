package io.jimbot.eventbus.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.telemetry.TraceSpan;
import io.jimbot.eventbus.gateway.telemetry.Tracing;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Makes a span of each record whose trace is recorded, from the hand-over to Kafka's answer; the
 * record carries that span's context, so that its deliveries are steps behind it. Thread-safe.
 */
public final class TracedPublisher implements Publisher {

  private final Publisher inner;
  private final Tracing tracing;

  private TracedPublisher(Publisher inner, Tracing tracing) {
    this.inner = inner;
    this.tracing = tracing;
  }

  /** With spans if tracing is on, else as it is. */
  public static Publisher around(Publisher inner, Tracing tracing) {
    return tracing.isOn() ? new TracedPublisher(inner, tracing) : inner;
  }

  @Override
  public void publish(ProducerRecord<byte[], byte[]> record, PublishCallback callback) {
    Header context = record.headers().lastHeader(HeaderNames.TRACEPARENT);
    TraceSpan span = tracing.send(context == null ? null : new String(context.value(), UTF_8));
    if (!span.isRecorded()) {
      inner.publish(record, callback);
      return;
    }
    span.with("messaging.destination.name", record.topic());
    inner.publish(
        carrying(span, record),
        outcome -> {
          outcome.handle(
              stored -> end(span, stored),
              unavailable -> span.fail(unavailable.reason()),
              impossible -> span.fail(impossible.reason()));
          callback.onOutcome(outcome);
        });
  }

  private static ProducerRecord<byte[], byte[]> carrying(
      TraceSpan span, ProducerRecord<byte[], byte[]> record) {
    String context = span.traceparent();
    if (context != null) {
      record.headers().remove(HeaderNames.TRACEPARENT);
      record.headers().add(HeaderNames.TRACEPARENT, context.getBytes(UTF_8));
    }
    return record;
  }

  private static void end(TraceSpan span, PublishOutcome.Stored stored) {
    span.with("messaging.destination.partition.id", stored.partition())
        .with("messaging.kafka.offset", stored.offset())
        .end();
  }
}
