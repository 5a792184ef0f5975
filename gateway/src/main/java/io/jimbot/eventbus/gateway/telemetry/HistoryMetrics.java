package io.jimbot.eventbus.gateway.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * The metrics of reading back: {@code eventbus_history_page_seconds}, {@code
 * eventbus_history_events_total}, {@code eventbus_history_expired_total}, {@code
 * eventbus_history_refused_total}. Thread-safe.
 */
public final class HistoryMetrics {

  private static final double NANOS = 1e-9;
  private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

  private final Histogram seconds;
  private final Counter events;
  private final Counter expired;
  private final Counter refused;

  /** Registers them. */
  public HistoryMetrics(PrometheusRegistry registry) {
    this.seconds =
        Histogram.builder()
            .name("eventbus_history_page_seconds")
            .help("How long it took to read a page.")
            .classicUpperBounds(BUCKETS)
            .register(registry);
    this.events =
        Counter.builder()
            .name("eventbus_history_events_total")
            .help("Events of these pages.")
            .register(registry);
    this.expired =
        Counter.builder()
            .name("eventbus_history_expired_total")
            .help("Events left out of them since their time was over.")
            .register(registry);
    this.refused =
        Counter.builder()
            .name("eventbus_history_refused_total")
            .help("Pages that could not be read.")
            .register(registry);
  }

  /** A page was read. */
  public void page(int count, long nanos) {
    seconds.observe(nanos * NANOS);
    events.inc(count);
  }

  /** An event was left out, since its time was over. */
  public void expired() {
    expired.inc();
  }

  /** A page could not be read. */
  public void refused() {
    refused.inc();
  }
}
