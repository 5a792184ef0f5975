package io.jimbot.eventbus.gateway.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The metrics of delayed events at the gateway: {@code eventbus_delayed_accepted_total}, {@code
 * eventbus_delayed_refused_total}, {@code eventbus_delayed_known_events}, {@code
 * eventbus_cancellations_total{result}}. Thread-safe.
 */
public final class DelayMetrics {

  private final PrometheusRegistry registry;
  private final Counter accepted;
  private final Counter refused;
  private final Counter cancellations;

  /** Registers them. */
  public DelayMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.accepted =
        Counter.builder()
            .name("eventbus_delayed_accepted_total")
            .help("Events handed to Kafka to wait for their time.")
            .register(registry);
    this.refused =
        Counter.builder()
            .name("eventbus_delayed_refused_total")
            .help("Events refused because too many wait for their time.")
            .register(registry);
    this.cancellations =
        Counter.builder()
            .name("eventbus_cancellations_total")
            .help("Requests to cancel an event, by what became of them.")
            .labelNames("result")
            .register(registry);
  }

  /** Shows how many events wait; to be called once. */
  public void watch(LongSupplier events) {
    GaugeWithCallback.builder()
        .name("eventbus_delayed_known_events")
        .help("Events that wait for their time, as far as this gateway knows.")
        .callback(callback -> callback.call(events.getAsLong()))
        .register(registry);
  }

  /** One was handed on. */
  public void accepted() {
    accepted.inc();
  }

  /** One was refused. */
  public void refused() {
    refused.inc();
  }

  /** A request was answered; the result is a word of a fixed list. */
  public void cancellation(String result) {
    cancellations.labelValues(result.toLowerCase(Locale.ROOT)).inc();
  }
}
