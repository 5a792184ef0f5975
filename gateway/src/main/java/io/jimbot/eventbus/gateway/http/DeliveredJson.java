package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.event.json.EventEncoder;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stored events as the JSON in which HTTP gives them out. Thread-safe. */
public final class DeliveredJson {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveredJson.class);

  private final EventEncoder encoder = new EventEncoder();
  private final HttpMetrics metrics;

  /** Counts what cannot be given out. */
  public DeliveredJson(HttpMetrics metrics) {
    this.metrics = metrics;
  }

  /** The event's JSON on one line; null, logged and counted, if the record holds no event. */
  byte @Nullable [] of(StoredEvent event) {
    byte[] json =
        encoder.encodeDelivered(
            event.value(),
            new EventEncoder.Place(event.topic(), event.partition(), event.offset()));
    if (json == null) {
      metrics.unreadableRecord();
      LOG.warn("record is no event partition={} offset={}", event.partition(), event.offset());
    }
    return json;
  }
}
