package io.jimbot.eventbus.gateway.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.upcast.Upcasters;
import io.jimbot.eventbus.gateway.telemetry.UpcastMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives events in the current version of their types. Thread-safe. */
public final class CurrentEvents {

  private static final Logger LOG = LoggerFactory.getLogger(CurrentEvents.class);

  private final Upcasters upcasters;
  private final UpcastMetrics metrics;

  /** Of one that could not be brought there, the event itself. */
  private final Renditions<StoredEvent> upcast = new Renditions<>(this::upcast, StoredEvent::size);

  /** Does no I/O. */
  public CurrentEvents(Upcasters upcasters, UpcastMetrics metrics) {
    this.upcasters = upcasters;
    this.metrics = metrics;
  }

  /**
   * The event in the current version; the very same, unparsed, if its header says that it is. A
   * step is the code of whoever changed the type: an event that it cannot take comes as it is
   * stored, which its version says, so that none is lost by it.
   */
  public StoredEvent of(StoredEvent event) {
    return upcasters.isOutdated(event.type(), event.version()) ? upcast.of(event) : event;
  }

  private StoredEvent upcast(StoredEvent event) {
    try {
      Event current = upcasters.toCurrent(Event.parseFrom(event.value()));
      metrics.upcast(event.type());
      return event.inVersion(Upcasters.versionOf(current), current.toByteString());
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      metrics.failed(event.type());
      LOG.warn(
          "event not brought to the current version event_type={} version={} partition={} offset={} error={}",
          event.type(),
          event.version(),
          event.partition(),
          event.offset(),
          e.toString());
      return event;
    }
  }
}
