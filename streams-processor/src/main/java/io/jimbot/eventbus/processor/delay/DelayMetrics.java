package io.jimbot.eventbus.processor.delay;

import io.jimbot.eventbus.processor.topology.DelayWatch;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The metrics of delayed events: {@code eventbus_delayed_events}, {@code eventbus_delayed_bytes},
 * {@code eventbus_delayed_lateness_seconds}, {@code eventbus_delayed_cancelled_total}, {@code
 * eventbus_delayed_expired_total}. Thread-safe.
 */
final class DelayMetrics implements DelayWatch {

  private static final double MILLIS = 1e-3;
  private static final double[] BUCKETS = {0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2.5, 5, 15, 60, 600};

  private final Gauge events;
  private final Gauge bytes;
  private final Histogram lateness;
  private final Counter cancelled;
  private final Counter expired;
  private final Map<Integer, Waiting> waiting = new ConcurrentHashMap<>();

  private record Waiting(long events, long bytes) {}

  DelayMetrics(PrometheusRegistry registry) {
    events =
        Gauge.builder()
            .name("eventbus_delayed_events")
            .help("Events that wait for their time, of the partitions of this process.")
            .register(registry);
    bytes =
        Gauge.builder()
            .name("eventbus_delayed_bytes")
            .help("Bytes of these events.")
            .register(registry);
    lateness =
        Histogram.builder()
            .name("eventbus_delayed_lateness_seconds")
            .help("How long after their time events were put into the log.")
            .classicUpperBounds(BUCKETS)
            .register(registry);
    cancelled =
        Counter.builder()
            .name("eventbus_delayed_cancelled_total")
            .help("Events that were cancelled in time.")
            .register(registry);
    expired =
        Counter.builder()
            .name("eventbus_delayed_expired_total")
            .help("Events whose time was over before they could be put into the log.")
            .register(registry);
  }

  @Override
  public void delivered(long lateMillis) {
    lateness.observe(lateMillis * MILLIS);
  }

  @Override
  public void cancelled(int count) {
    cancelled.inc(count);
  }

  @Override
  public void expired() {
    expired.inc();
  }

  @Override
  public void waiting(int partition, long eventsNow, long bytesNow) {
    waiting.put(partition, new Waiting(eventsNow, bytesNow));
    events.set(waiting.values().stream().mapToLong(Waiting::events).sum());
    bytes.set(waiting.values().stream().mapToLong(Waiting::bytes).sum());
  }
}
