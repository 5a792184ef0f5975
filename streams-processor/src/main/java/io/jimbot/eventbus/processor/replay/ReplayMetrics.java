package io.jimbot.eventbus.processor.replay;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The metrics of managed replays. {@code eventbus_replay_jobs{state}} those that this processor
 * looks after and {@code …_running} those that it is at; {@code …_events_total}, {@code
 * …_bytes_total} written and {@code …_scanned_total} events read; {@code …_commit_seconds}; {@code
 * …_lateness_seconds} how long after they were due events of paced replays went; {@code
 * …_finished_total{state}}; {@code …_interruptions_total} times a replay had to begin again at its
 * last commit; {@code …_taken_over_total} times another processor took one away; {@code
 * …_outages_total} times the jobs could not be read; {@code …_deleted_offsets_total} offsets that
 * were deleted, by retention or with their topic, before they were read. Thread-safe.
 */
final class ReplayMetrics {

  private static final String PREFIX = "eventbus_replay_";
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final PrometheusRegistry registry;
  private final Counter events;
  private final Counter bytes;
  private final Counter scanned;
  private final Counter finished;
  private final Counter interruptions;
  private final Counter takenOver;
  private final Counter outages;
  private final Counter deleted;
  private final Histogram commits;
  private final Histogram lateness;

  /** Registers them. */
  ReplayMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.events = counter("events_total", "Events replayed.");
    this.bytes = counter("bytes_total", "Bytes of these.");
    this.scanned = counter("scanned_total", "Events read for replays, wanted or not.");
    this.finished = counter("finished_total", "Replays that ended.", "state");
    this.interruptions =
        counter("interruptions_total", "Times a replay began again at its last commit.");
    this.takenOver =
        counter("taken_over_total", "Times another processor took a running replay over.");
    this.outages = counter("outages_total", "Times the jobs could not be read.");
    this.deleted =
        counter("deleted_offsets_total", "Offsets that were deleted before they were read.");
    this.commits =
        histogram(
            "commit_seconds",
            "Time that a commit takes.",
            0.001,
            0.003,
            0.01,
            0.03,
            0.1,
            0.3,
            1,
            3);
    this.lateness =
        histogram(
            "lateness_seconds",
            "Time between the moment an event of a paced replay is due and its writing.",
            0.0001,
            0.0003,
            0.001,
            0.003,
            0.01,
            0.02,
            0.1,
            1);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(PREFIX + name).help(help).labelNames(labels).register(registry);
  }

  private Histogram histogram(String name, String help, double... bounds) {
    return Histogram.builder()
        .name(PREFIX + name)
        .help(help)
        .classicOnly()
        .classicUpperBounds(bounds)
        .register(registry);
  }

  /** Shows what there is now; to be called once. */
  void watch(IntSupplier running, Supplier<Map<String, Long>> byState) {
    GaugeWithCallback.builder()
        .name(PREFIX + "running")
        .help("Replays that this processor is at.")
        .callback(callback -> callback.call(running.getAsInt()))
        .register(registry);
    GaugeWithCallback.builder()
        .name(PREFIX + "jobs")
        .help("Replays that this processor looks after.")
        .labelNames("state")
        .callback(callback -> byState.get().forEach((state, n) -> callback.call(n, state)))
        .register(registry);
  }

  /** What the tally counts more than at the last time is visible now. */
  void committed(long nanos, ReplayTally.Increase increase) {
    commits.observe(nanos / NANOS_PER_SECOND);
    events.inc(increase.events());
    bytes.inc(increase.bytes());
    scanned.inc(increase.scanned());
  }

  void late(long nanos) {
    lateness.observe(nanos / NANOS_PER_SECOND);
  }

  void finished(String state) {
    finished.labelValues(state).inc();
  }

  void interrupted() {
    interruptions.inc();
  }

  void takenOver() {
    takenOver.inc();
  }

  void deleted(long offsets) {
    deleted.inc(offsets);
  }

  void outage() {
    outages.inc();
  }
}
