package io.jimbot.eventbus.gateway.delay;

import io.jimbot.eventbus.gateway.kafka.PublishCallback;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.telemetry.DelayMetrics;
import java.time.Clock;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Hands delayed events on only as long as not too many wait; everything else always. */
final class AdmittingPublisher implements Publisher {

  private static final int HEADERS_BYTES = 400;

  private final Publisher publisher;
  private final String delayed;
  private final DelayedOccupancies occupancies;
  private final Clock clock;
  private final DelayMetrics metrics;

  AdmittingPublisher(
      Publisher publisher,
      String delayed,
      DelayedOccupancies occupancies,
      Clock clock,
      DelayMetrics metrics) {
    this.publisher = publisher;
    this.delayed = delayed;
    this.occupancies = occupancies;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void publish(ProducerRecord<byte[], byte[]> record, PublishCallback callback) {
    if (!record.topic().equals(delayed)) {
      publisher.publish(record, callback);
    } else if (occupancies.admit(record.value().length + HEADERS_BYTES, clock.millis())) {
      metrics.accepted();
      publisher.publish(record, callback);
    } else {
      metrics.refused();
      callback.onOutcome(
          new PublishOutcome.Unavailable(
              "too_many_delayed", "as many events wait for their time as may; send it later"));
    }
  }
}
