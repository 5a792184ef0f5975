package io.jimbot.eventbus.processor.topology;

import io.jimbot.events.v1.DeadLetterState;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What becomes of dead letters at this processor, and how many are yet to come again by themselves.
 * What a transaction took back is counted again when it is done again. Thread-safe.
 */
public final class DeadLetterMetrics {

  private static final double MILLIS = 1e-3;
  private static final String STATE_PREFIX = "DEAD_LETTER_STATE_";

  private final Counter routed;
  private final Counter redriven;
  private final Counter discarded;
  private final Counter refused;
  private final Counter forgotten;
  private final Map<Integer, Scheduled> byPartition = new ConcurrentHashMap<>();

  private record Scheduled(long letters, long nextDueMillis) {}

  /**
   * Registers {@code eventbus_dead_letters_*}.
   *
   * @param clock tells what is overdue
   */
  public DeadLetterMetrics(PrometheusRegistry registry, InstantSource clock) {
    routed =
        counter(
            registry, "routed_total", "Dead letters, by what was decided about them.", "decision");
    redriven =
        counter(registry, "redriven_total", "Events that came again, by who sent them.", "by");
    discarded = counter(registry, "discarded_total", "Dead letters that operators are done with.");
    refused =
        counter(
            registry, "redrives_refused_total", "Dead letters not sent again, by why.", "reason");
    forgotten =
        counter(
            registry,
            "forgotten_total",
            "Dead letters whose time was over, by what had become of them.",
            "state");
    // There from the beginning: what appears with its first number has not grown for Prometheus.
    forgotten.initLabelValues(name(DeadLetterState.DEAD_LETTER_STATE_PARKED));
    GaugeWithCallback.builder()
        .name("eventbus_dead_letters_scheduled")
        .help("Dead letters that come again by themselves, of the partitions of this process.")
        .callback(callback -> callback.call(scheduled()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("eventbus_dead_letters_overdue_seconds")
        .help("How long after its time the earliest of these still waits.")
        .callback(callback -> callback.call(overdueMillis(clock.millis()) * MILLIS))
        .register(registry);
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

  void forgotten(DeadLetterState state) {
    forgotten.labelValues(name(state)).inc();
  }

  private static String name(DeadLetterState state) {
    return state.name().replace(STATE_PREFIX, "").toLowerCase(Locale.ROOT);
  }

  /**
   * What of a partition comes again by itself.
   *
   * @param letters how many; 0 if the partition is another's now
   * @param nextDueMillis when the first of them does; {@link Long#MAX_VALUE} if none does
   */
  void scheduled(int partition, long letters, long nextDueMillis) {
    byPartition.put(partition, new Scheduled(letters, nextDueMillis));
  }

  private long scheduled() {
    return byPartition.values().stream().mapToLong(Scheduled::letters).sum();
  }

  private long overdueMillis(long nowMillis) {
    return byPartition.values().stream()
        .mapToLong(each -> Math.max(0, nowMillis - each.nextDueMillis()))
        .max()
        .orElse(0);
  }
}
