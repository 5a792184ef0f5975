package io.jimbot.eventbus.gateway.kafka;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** The metrics of publishing: our own counts, and a fixed choice of the producer's. Thread-safe. */
final class PublishMetrics {

  private static final String PRODUCER_GROUP = "producer-metrics";
  private static final double MILLIS = 1e-3;

  private final PrometheusRegistry registry;
  private final Counter transitions;

  PublishMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.transitions =
        Counter.builder()
            .name("eventbus_kafka_transitions_total")
            .help("How often the connection to Kafka changed to this state.")
            .labelNames("state")
            .register(registry);
    for (ProduceBreaker.State state : ProduceBreaker.State.values()) {
      transitions.initLabelValues(label(state));
    }
  }

  void transition(ProduceBreaker.State to) {
    transitions.labelValues(label(to)).inc();
  }

  void watch(
      InFlightRecords inFlight,
      ProduceBreaker breaker,
      Supplier<@Nullable Producer<byte[], byte[]>> producer) {
    gauge(
        "eventbus_publish_in_flight",
        "Records handed to Kafka and not answered yet.",
        inFlight::records);
    gauge("eventbus_publish_in_flight_bytes", "Bytes of the records in flight.", inFlight::bytes);
    GaugeWithCallback.builder()
        .name("eventbus_kafka_state")
        .help("1 for the state that the connection to Kafka is in, else 0.")
        .labelNames("state")
        .callback(
            callback -> {
              for (ProduceBreaker.State state : ProduceBreaker.State.values()) {
                callback.call(state == breaker.state() ? 1 : 0, label(state));
              }
            })
        .register(registry);
    watchProducer(producer);
  }

  private void watchProducer(Supplier<@Nullable Producer<byte[], byte[]>> producer) {
    fromProducer(
        producer,
        "buffer-available-bytes",
        1,
        "buffer_available_bytes",
        "Free bytes in the send buffer.");
    fromProducer(producer, "buffer-total-bytes", 1, "buffer_bytes", "Size of the send buffer.");
    fromProducer(
        producer,
        "requests-in-flight",
        1,
        "requests_in_flight",
        "Requests that await a broker's answer.");
    fromProducer(
        producer, "batch-size-avg", 1, "batch_size_average_bytes", "Bytes in a batch, of late.");
    fromProducer(
        producer,
        "records-per-request-avg",
        1,
        "request_records_average",
        "Records in a request, of late.");
    fromProducer(
        producer,
        "record-queue-time-avg",
        MILLIS,
        "queue_time_average_seconds",
        "Wait before sending.");
    fromProducer(
        producer,
        "record-queue-time-max",
        MILLIS,
        "queue_time_max_seconds",
        "Longest wait before sending.");
    fromProducer(
        producer,
        "request-latency-avg",
        MILLIS,
        "request_latency_average_seconds",
        "Brokers' answers.");
    fromProducer(
        producer, "request-latency-max", MILLIS, "request_latency_max_seconds", "Slowest answer.");
    fromProducer(
        producer,
        "compression-rate-avg",
        1,
        "compression_ratio_average",
        "Compressed size over size.");
    fromProducer(producer, "record-retry-total", 1, "retries", "Record sends that were repeated.");
    fromProducer(producer, "record-error-total", 1, "errors", "Record sends that failed.");
  }

  private void gauge(String name, String help, Supplier<Long> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(c -> c.call(value.get()))
        .register(registry);
  }

  /** Gauges throughout: the producer may be replaced, and its totals then start anew. */
  private void fromProducer(
      Supplier<@Nullable Producer<byte[], byte[]>> producer,
      String kafkaName,
      double unit,
      String name,
      String help) {
    GaugeWithCallback.builder()
        .name("eventbus_producer_" + name)
        .help(help)
        .callback(
            callback -> {
              Double value = value(producer.get(), kafkaName);
              if (value != null) {
                callback.call(value * unit);
              }
            })
        .register(registry);
  }

  private static @Nullable Double value(
      @Nullable Producer<byte[], byte[]> producer, String kafkaName) {
    if (producer == null) {
      return null;
    }
    for (Map.Entry<MetricName, ? extends Metric> entry : producer.metrics().entrySet()) {
      MetricName name = entry.getKey();
      if (name.name().equals(kafkaName) && name.group().equals(PRODUCER_GROUP)) {
        return entry.getValue().metricValue() instanceof Double number && !number.isNaN()
            ? number
            : null;
      }
    }
    return null;
  }

  private static String label(ProduceBreaker.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
