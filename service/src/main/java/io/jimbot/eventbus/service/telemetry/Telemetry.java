package io.jimbot.eventbus.service.telemetry;

import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.regex.Pattern;

/**
 * The one registry of a gateway: its own metrics, the JVM's, and Dropwizard's (Jetty's pool and
 * connections, Jersey's resources, log events). One for each gateway, so that several in one JVM
 * keep apart. Thread-safe.
 */
public final class Telemetry {

  private static final Pattern STRIPPED = Pattern.compile("[._](info|created)(_total)?$");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final MetricRegistry frameworkRegistry = new MetricRegistry();

  /** Registers the JVM's metrics and the bridge. */
  public Telemetry() {
    JvmMetrics.builder().register(registry);
    registry.register(new DropwizardExports(frameworkRegistry, Telemetry::isShown));
  }

  /**
   * Without the pool of health checks that are not used here, and without names that the bridge
   * would strip of a suffix which has a meaning of its own in Prometheus.
   */
  private static boolean isShown(String name, Metric metric) {
    return !name.startsWith("TimeBoundHealthCheck") && !STRIPPED.matcher(name).find();
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
