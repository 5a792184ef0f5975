package io.jimbot.eventbus.processor.topology;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * What becomes of dead letters at this processor. What a transaction took back is counted again
 * when it is done again. Thread-safe.
 */
public final class DeadLetterMetrics {

  private final Counter routed;
  private final Counter redriven;
  private final Counter discarded;
  private final Counter refused;

  /** Registers {@code eventbus_dead_letters_*}. */
  public DeadLetterMetrics(PrometheusRegistry registry) {
    routed =
        counter(
            registry, "routed_total", "Dead letters, by what was decided about them.", "decision");
    redriven =
        counter(registry, "redriven_total", "Events that came again, by who sent them.", "by");
    discarded = counter(registry, "discarded_total", "Dead letters that operators are done with.");
    refused =
        counter(
            registry, "redrives_refused_total", "Dead letters not sent again, by why.", "reason");
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Counter.builder()
        .name("eventbus_dead_letters_" + name)
        .help(help)
        .labelNames(labels)
        .register(registry);
  }

  void routed(String decision) {
    routed.labelValues(decision).inc();
  }

  void redriven(boolean byOperator) {
    redriven.labelValues(byOperator ? "operator" : "retry").inc();
  }

  void discarded() {
    discarded.inc();
  }

  void refused(String reason) {
    refused.labelValues(reason).inc();
  }
}
