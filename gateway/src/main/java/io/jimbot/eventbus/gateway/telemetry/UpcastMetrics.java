package io.jimbot.eventbus.gateway.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * The metric of events brought to the current version of their types: {@code
 * eventbus_upcast_events_total}. Its types are those of the catalogue. Thread-safe.
 */
public final class UpcastMetrics {

  private final Counter events;

  /** Registers it. */
  public UpcastMetrics(PrometheusRegistry registry) {
    this.events =
        Counter.builder()
            .name("eventbus_upcast_events_total")
            .help("Events brought to the current version, or given as stored since a step failed.")
            .labelNames("event_type", "result")
            .register(registry);
  }

  /** An event was brought to the current version, for all that get it. */
  public void upcast(String type) {
    events.labelValues(type, "current").inc();
  }

  /** A step could not take it. */
  public void failed(String type) {
    events.labelValues(type, "failed").inc();
  }
}
