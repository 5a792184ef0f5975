package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.delivery.StoredEvent;
import io.jimbot.eventbus.gateway.delivery.UndeliverableRecords;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.telemetry.GroupMetrics;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what a group has given up into the dead letters. Thread-safe. */
final class DeadLetterBox {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterBox.class);

  private final String group;
  private final UndeliverableRecords records;
  private final Publisher publisher;
  private final GroupMetrics metrics;

  DeadLetterBox(
      String group, UndeliverableRecords records, Publisher publisher, GroupMetrics metrics) {
    this.group = group;
    this.records = records;
    this.publisher = publisher;
    this.metrics = metrics;
  }

  /**
   * Stores the dead letter.
   *
   * @param parked told once it is stored, on the producer's thread; not told if it could not be
   */
  void put(Lease lease, Consumer<StoredEvent> parked) {
    StoredEvent event = lease.event;
    String reason = lease.parkReason;
    UndeliverableRecords.Failure failure =
        new UndeliverableRecords.Failure(
            group,
            reason,
            lease.message,
            lease.failures,
            Instant.ofEpochMilli(lease.firstFailedMillis),
            Instant.now());
    publisher.publish(
        records.record(event, failure),
        outcome ->
            outcome.handle(
                stored -> {
                  metrics.deadLettered(reason);
                  LOG.warn(
                      "event given up group={} reason={} partition={} offset={}",
                      group,
                      reason,
                      event.partition(),
                      event.offset());
                  parked.accept(event);
                },
                unavailable -> metrics.deadLetterFailed(),
                impossible -> metrics.deadLetterFailed()));
  }
}
