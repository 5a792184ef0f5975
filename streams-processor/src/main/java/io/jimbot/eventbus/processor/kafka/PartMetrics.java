package io.jimbot.eventbus.processor.kafka;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What every part tells: whether it works, how far it is behind, what failed. Thread-safe. */
public final class PartMetrics {

  private final Counter deadLetters;
  private final Counter threadFailures;
  private final Map<String, StreamsPart> topologies = new ConcurrentHashMap<>();

  /** Registers {@code eventbus_processor_*}. */
  public PartMetrics(PrometheusRegistry registry) {
    deadLetters =
        Counter.builder()
            .name("eventbus_processor_dead_letters_total")
            .help("Records that a part could not process and wrote to the dead letters.")
            .labelNames("part", "reason")
            .register(registry);
    threadFailures =
        Counter.builder()
            .name("eventbus_processor_thread_failures_total")
            .help("Threads of a part that failed and were replaced.")
            .labelNames("part")
            .register(registry);
    gauge(
        registry,
        "eventbus_processor_lag_records",
        "Records that the part has still to read, of its partition that is furthest behind.",
        StreamsPart::lag);
    gauge(
        registry,
        "eventbus_processor_state_bytes",
        "State of the part on this machine's disk, in bytes.",
        StreamsPart::stateBytes);
  }

  private void gauge(
      PrometheusRegistry registry, String name, String help, ToDoubleFunction<StreamsPart> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("part")
        .callback(
            callback ->
                topologies.forEach(
                    (part, topology) -> callback.call(value.applyAsDouble(topology), part)))
        .register(registry);
  }

  void watch(StreamsPart part) {
    topologies.put(part.name(), part);
    threadFailures.initLabelValues(part.name());
  }

  void threadFailed(String part) {
    threadFailures.labelValues(part).inc();
  }

  /** Counts the dead letters of a part. */
  public FailedRecords.Counting deadLettersOf(String part) {
    return reason -> deadLetters.labelValues(part, reason).inc();
  }
}
