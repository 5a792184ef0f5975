package io.jimbot.eventbus.gateway.delivery;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.gateway.telemetry.TraceParent;
import io.jimbot.eventbus.service.deadletter.DeadLetterRecords;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.eventbus.service.record.FactHeaders;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.DeadLetter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what a group or queue has given up into the dead letters. Thread-safe. */
public final class DeadLetterBox {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterBox.class);

  private final DeadLetterRecords records;
  private final Publisher publisher;
  private final MemberMetrics metrics;

  /** Does no I/O. */
  public DeadLetterBox(DeadLetterRecords records, Publisher publisher, MemberMetrics metrics) {
    this.records = records;
    this.publisher = publisher;
    this.metrics = metrics;
  }

  /**
   * Stores the dead letter; its key is the event's, so that the dead letters of a key keep their
   * order.
   *
   * @param group the group or queue
   * @param stored told once it is stored, on the producer's thread
   * @param failed told if it could not be, on the producer's thread; it may be put here again then
   */
  public void put(
      StoredEvent event, String group, Failure failure, Runnable stored, Runnable failed) {
    DeadLetter.Builder letter =
        DeadLetterRecords.read(event.position(), event.headers(), event.value())
            .setContentType(FactHeaders.CONTENT_TYPE)
            // That of the record's value, which may have had a frame; the original has none.
            .removeHeaders(HeaderNames.CONTENT_TYPE)
            .setGroup(group);
    publisher.publish(
        records.record(event.orderingKey(), letter, failure),
        outcome ->
            outcome.handle(
                done -> stored(event, group, failure, stored),
                unavailable -> failed(failed),
                impossible -> putWithoutOriginal(event, group, failure, letter, stored, failed)));
  }

  /**
   * Kafka will never take the whole of it. The event must not hold up its key for that: the origin
   * says where its bytes lie for as long as the log keeps them.
   */
  private void putWithoutOriginal(
      StoredEvent event,
      String group,
      Failure failure,
      DeadLetter.Builder letter,
      Runnable stored,
      Runnable failed) {
    publisher.publish(
        records.record(event.orderingKey(), letter.clearOriginal().clearHeaders(), failure),
        outcome ->
            outcome.handle(
                done -> stored(event, group, failure, stored),
                unavailable -> failed(failed),
                impossible -> failed(failed)));
  }

  private void failed(Runnable told) {
    metrics.deadLetterFailed();
    told.run();
  }

  private void stored(StoredEvent event, String group, Failure failure, Runnable told) {
    metrics.deadLettered(failure.reason().word());
    LOG.warn(
        "event given up group={} reason={} partition={} offset={} trace_id={}",
        group,
        failure.reason().word(),
        event.partition(),
        event.offset(),
        TraceParent.traceId(event.traceparent()));
    told.run();
  }
}
