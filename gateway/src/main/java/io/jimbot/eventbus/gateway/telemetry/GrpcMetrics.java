package io.jimbot.eventbus.gateway.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongSupplier;

/**
 * The metrics of gRPC: {@code eventbus_grpc_calls_total{method,code}}, {@code
 * eventbus_grpc_call_seconds{method}} of unary calls, {@code eventbus_grpc_streams} open ones,
 * {@code eventbus_grpc_delivered_events_total} and {@code …_bytes_total}, {@code
 * eventbus_grpc_delivery_messages_total}, {@code eventbus_grpc_rejected_total{reason}} publishes
 * that were refused unread, {@code eventbus_grpc_in_flight_bytes}. Thread-safe.
 */
public final class GrpcMetrics {

  private static final double NANOS = 1e-9;
  private static final double[] BUCKETS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final Counter calls;
  private final Histogram seconds;
  private final Gauge streams;
  private final Counter deliveredEvents;
  private final Counter deliveredBytes;
  private final Counter deliveryMessages;
  private final Counter rejected;
  private final PrometheusRegistry registry;

  /** Registers them. */
  public GrpcMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.rejected =
        Counter.builder()
            .name("eventbus_grpc_rejected_total")
            .help("Publishing calls that were refused before their events were read, by reason.")
            .labelNames("reason")
            .register(registry);
    this.calls =
        Counter.builder()
            .name("eventbus_grpc_calls_total")
            .help("Calls that ended, by method and status.")
            .labelNames("method", "code")
            .register(registry);
    this.seconds =
        Histogram.builder()
            .name("eventbus_grpc_call_seconds")
            .help("How long unary calls took.")
            .labelNames("method")
            .classicUpperBounds(BUCKETS)
            .register(registry);
    this.streams =
        Gauge.builder().name("eventbus_grpc_streams").help("Open streams.").register(registry);
    this.deliveredEvents = counter(registry, "delivered_events_total", "Events sent.");
    this.deliveredBytes = counter(registry, "delivered_bytes_total", "Bytes of these events.");
    this.deliveryMessages = counter(registry, "delivery_messages_total", "Messages of events.");
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder().name("eventbus_grpc_" + name).help(help).register(registry);
  }

  /** A publishing call was refused before its events were read. */
  public void rejected(String reason) {
    rejected.labelValues(reason).inc();
  }

  /** Shows how many bytes of events wait for Kafka; to be called once. */
  public void watchInFlightBytes(LongSupplier bytes) {
    GaugeWithCallback.builder()
        .name("eventbus_grpc_in_flight_bytes")
        .help("Bytes of events that came over gRPC and wait for Kafka.")
        .callback(callback -> callback.call(bytes.getAsLong()))
        .register(registry);
  }

  /** A unary call ended. */
  public void unaryEnded(String method, String code, long nanos) {
    calls.labelValues(method, code).inc();
    seconds.labelValues(method).observe(nanos * NANOS);
  }

  /** A stream began. */
  public void streamBegan() {
    streams.inc();
  }

  /** A stream ended. */
  public void streamEnded(String method, String code) {
    streams.dec();
    calls.labelValues(method, code).inc();
  }

  /** A message with so many events left. */
  public void delivered(int events, long bytes) {
    deliveryMessages.inc();
    deliveredEvents.inc(events);
    deliveredBytes.inc(bytes);
  }
}
