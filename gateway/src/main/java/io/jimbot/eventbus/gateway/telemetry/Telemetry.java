package io.jimbot.eventbus.gateway.telemetry;

import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * The one registry of a gateway: its own metrics, the JVM's, and Dropwizard's (Jetty's pool and
 * connections, Jersey's resources, log events). One for each gateway, so that several in one JVM
 * keep apart. Thread-safe.
 */
public final class Telemetry {

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final MetricRegistry frameworkRegistry = new MetricRegistry();

  /** Registers the JVM's metrics and the bridge. */
  public Telemetry() {
    JvmMetrics.builder().register(registry);
    registry.register(new DropwizardExports(frameworkRegistry));
  }

  /** For the product's own metrics. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /** For Dropwizard's. */
  public MetricRegistry frameworkRegistry() {
    return frameworkRegistry;
  }

  /** What is shown of both. */
  public Exposition exposition() {
    return new Exposition(registry);
  }
}
