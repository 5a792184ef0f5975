package io.jimbot.eventbus.processor.retention;

import io.jimbot.eventbus.processor.topology.RetentionCounts;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;

/** What became of the events of the log, and of their topics. Thread-safe. */
final class RetentionMetrics implements RetentionCounts {

  private final Counter kept;
  private final Counter repeats;
  private final Counter expired;
  private final Counter outdatedStates;
  private final Counter oversizedStates;
  private final Gauge drift;
  private final Counter catalogueFailures;

  RetentionMetrics(PrometheusRegistry registry) {
    kept =
        Counter.builder()
            .name("eventbus_retention_kept_total")
            .help("Events written to the topic of their retention class.")
            .labelNames("class")
            .register(registry);
    repeats =
        counter(registry, "eventbus_retention_repeats_total", "Events dropped as repetitions.");
    expired = counter(registry, "eventbus_retention_expired_total", "Events dropped as expired.");
    outdatedStates =
        counter(
            registry,
            "eventbus_retention_outdated_states_total",
            "States that came after a newer one of their game.");
    oversizedStates =
        counter(
            registry,
            "eventbus_retention_oversized_states_total",
            "States kept in their class only: the topic of the newest ones takes none that large.");
    catalogueFailures =
        counter(
            registry,
            "eventbus_retention_catalogue_failures_total",
            "Looks at the catalogue, or at its topics, that failed.");
    drift =
        Gauge.builder()
            .name("eventbus_retention_drift")
            .help("Settings of topics that are not as the catalogue says and are left so.")
            .labelNames("topic", "setting")
            .register(registry);
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder().name(name).help(help).register(registry);
  }

  @Override
  public void kept(String className) {
    kept.labelValues(className).inc();
  }

  @Override
  public void repeated() {
    repeats.inc();
  }

  @Override
  public void expired() {
    expired.inc();
  }

  @Override
  public void outdatedState() {
    outdatedStates.inc();
  }

  @Override
  public void oversizedState() {
    oversizedStates.inc();
  }

  void catalogueFailed() {
    catalogueFailures.inc();
  }

  /** Shows those that were refused, and no earlier ones. */
  void drifts(List<Drift> drifts) {
    drift.clear();
    drifts.stream()
        .filter(Drift::refused)
        .forEach(refused -> drift.labelValues(refused.topic(), refused.setting()).set(1));
  }
}
