package io.jimbot.eventbus.gateway.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.json.EventEncoder;
import io.jimbot.eventbus.event.upcast.Upcasters;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Event;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stored events as the JSON in which HTTP gives them out. Thread-safe. */
public final class DeliveredJson {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveredJson.class);

  private final EventEncoder encoder = new EventEncoder();
  private final HttpMetrics metrics;
  private final Upcasters upcasters;

  /**
   * @param metrics counts what cannot be given out
   * @param upcasters bring older events to the current version of their types, where it is asked
   *     for
   */
  public DeliveredJson(HttpMetrics metrics, Upcasters upcasters) {
    this.metrics = metrics;
    this.upcasters = upcasters;
  }

  /** The event's JSON on one line; null, logged and counted, if the record holds no event. */
  byte @Nullable [] of(StoredEvent event, EventVersion version) {
    ByteString value = version == EventVersion.CURRENT ? current(event.value()) : event.value();
    byte[] json =
        value == null
            ? null
            : encoder.encodeDelivered(
                value, new EventEncoder.Place(event.topic(), event.partition(), event.offset()));
    if (json == null) {
      metrics.unreadableRecord();
      LOG.warn("record is no event partition={} offset={}", event.partition(), event.offset());
    }
    return json;
  }

  /** A step is the code of whoever changed the type: whatever it throws costs this event only. */
  private @Nullable ByteString current(ByteString stored) {
    try {
      return upcasters.toCurrent(Event.parseFrom(stored)).toByteString();
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      LOG.warn("event cannot be brought to the current version error={}", e.toString());
      return null;
    }
  }
}
