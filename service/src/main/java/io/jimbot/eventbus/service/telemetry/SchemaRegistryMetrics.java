package io.jimbot.eventbus.service.telemetry;

import io.jimbot.eventbus.wire.RegistryState;
import io.jimbot.eventbus.wire.ValueFormat;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** The metrics of the schema registry; there are none where none is configured. */
public final class SchemaRegistryMetrics {

  private SchemaRegistryMetrics() {}

  /** Shows how the registry behind a format is, as {@code eventbus_schema_registry_*}. */
  public static void watch(ValueFormat format, PrometheusRegistry registry) {
    if (format.registry() == null) {
      return;
    }
    GaugeWithCallback.builder()
        .name("eventbus_schema_registry_state")
        .help("1 for the state that the schema registry is in, else 0.")
        .labelNames("state")
        .callback(
            callback -> {
              RegistryState now = format.registry();
              for (RegistryState.Status status : RegistryState.Status.values()) {
                boolean is = now != null && now.status() == status;
                callback.call(is ? 1 : 0, status.name().toLowerCase(Locale.ROOT));
              }
            })
        .register(registry);
    CounterWithCallback.builder()
        .name("eventbus_schema_registry_failures_total")
        .help("How often the schema registry gave no answer, or said no.")
        .callback(
            callback -> {
              RegistryState now = format.registry();
              callback.call(now == null ? 0 : now.failures());
            })
        .register(registry);
  }
}
