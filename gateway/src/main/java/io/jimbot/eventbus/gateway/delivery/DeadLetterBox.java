package io.jimbot.eventbus.gateway.delivery;

import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.gateway.telemetry.TraceParent;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what a group or queue has given up into the dead letters. Thread-safe. */
public final class DeadLetterBox {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterBox.class);

  private final UndeliverableRecords records;
  private final Publisher publisher;
  private final MemberMetrics metrics;

  /** Does no I/O. */
  public DeadLetterBox(UndeliverableRecords records, Publisher publisher, MemberMetrics metrics) {
    this.records = records;
    this.publisher = publisher;
    this.metrics = metrics;
  }

  /**
   * Stores the dead letter.
   *
   * @param parked told once it is stored, on the producer's thread; not told if it could not be
   */
  public void put(
      StoredEvent event, UndeliverableRecords.Failure failure, Consumer<StoredEvent> parked) {
    publisher.publish(
        records.record(event, failure),
        outcome ->
            outcome.handle(
                stored -> {
                  metrics.deadLettered(failure.reason());
                  LOG.warn(
                      "event given up group={} reason={} partition={} offset={} trace_id={}",
                      failure.group(),
                      failure.reason(),
                      event.partition(),
                      event.offset(),
                      TraceParent.traceId(event.traceparent()));
                  parked.accept(event);
                },
                unavailable -> metrics.deadLetterFailed(),
                impossible -> metrics.deadLetterFailed()));
  }
}
