package io.jimbot.eventbus.gateway.telemetry;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * The metrics of tail subscriptions. {@code eventbus_tail_subscriptions} open ones and {@code
 * …_waiting} those of them whose window is full; {@code eventbus_tail_delivered_total} and {@code
 * …_delivered_bytes_total}; {@code …_repeats_total} and {@code …_expired_total} left out; {@code
 * …_unreadable_total} records that are no events; {@code …_read_total{reader}} events read by the
 * shared reader and by those that catch up; {@code …_joined_total} and {@code …_left_total} changes
 * to and from the shared reader; {@code …_refused_total{reason}}; {@code …_outages_total{reader}};
 * {@code …_window_bytes}, {@code …_recent_bytes}, {@code …_lag_records}. Thread-safe.
 */
public final class TailMetrics {

  private final PrometheusRegistry registry;
  private final String prefix;
  private final List<Watched> watched = new CopyOnWriteArrayList<>();
  private final Counter delivered;
  private final Counter deliveredBytes;
  private final Counter repeats;
  private final Counter expired;
  private final Counter unreadable;
  private final Counter joined;
  private final Counter left;
  private final Counter refused;
  private final Counter outages;
  private final CounterDataPoint readByShared;
  private final CounterDataPoint readByCatchUp;

  /** Registers them. */
  public TailMetrics(PrometheusRegistry registry) {
    this(registry, "eventbus_tail_");
  }

  /** The same for tails of replays: {@code eventbus_replay_tail_…}. */
  public static TailMetrics ofReplays(PrometheusRegistry registry) {
    return new TailMetrics(registry, "eventbus_replay_tail_");
  }

  private TailMetrics(PrometheusRegistry registry, String prefix) {
    this.registry = registry;
    this.prefix = prefix;
    this.delivered = counter("delivered_total", "Events handed to tail subscribers.");
    this.deliveredBytes = counter("delivered_bytes_total", "Bytes of these events.");
    this.repeats = counter("repeats_total", "Repeated events left out at subscribers' wish.");
    this.expired = counter("expired_total", "Events left out since their time was over.");
    this.unreadable = counter("unreadable_total", "Times a record was read that is no event.");
    this.joined = counter("joined_total", "Times a subscriber joined the shared reader.");
    this.left = counter("left_total", "Times a full window made a subscriber leave it.");
    this.refused = counter("refused_total", "Subscriptions refused or ended.", "reason");
    this.outages = counter("outages_total", "Times a reader lost Kafka.", "reader");
    Counter read = counter("read_total", "Events read from Kafka.", "reader");
    this.readByShared = read.labelValues("shared");
    this.readByCatchUp = read.labelValues("catch_up");
    watchAll();
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(prefix + name).help(help).labelNames(labels).register(registry);
  }

  /**
   * What there is now at one place where subscriptions are served.
   *
   * @param open open subscriptions
   * @param waiting those whose window is full
   * @param windowBytes what waits for slow subscribers
   * @param recentBytes the log's end in memory
   * @param lag events between the shared reader and the log's end
   */
  public record Watched(
      IntSupplier open,
      IntSupplier waiting,
      LongSupplier windowBytes,
      LongSupplier recentBytes,
      LongSupplier lag) {}

  /** Shows what there is now, together with that of other places. */
  public void watch(Watched place) {
    watched.add(place);
  }

  /** Shows it no longer. */
  public void forget(Watched place) {
    watched.remove(place);
  }

  private void watchAll() {
    gauge("subscriptions", "Open tail subscriptions.", place -> place.open().getAsInt());
    gauge(
        "subscriptions_waiting",
        "Those whose window is full.",
        place -> place.waiting().getAsInt());
    gauge(
        "window_bytes",
        "Bytes that wait for slow subscribers.",
        place -> place.windowBytes().getAsLong());
    gauge(
        "recent_bytes",
        "Bytes of the log's end that are in memory.",
        place -> place.recentBytes().getAsLong());
    gauge(
        "lag_records",
        "Events between the shared reader and the log's end.",
        place -> place.lag().getAsLong());
  }

  private void gauge(String name, String help, ToLongFunction<Watched> value) {
    GaugeWithCallback.builder()
        .name(prefix + name)
        .help(help)
        .callback(callback -> callback.call(watched.stream().mapToLong(value).sum()))
        .register(registry);
  }

  /** So many events were handed over. */
  public void delivered(int events, long bytes) {
    delivered.inc(events);
    deliveredBytes.inc(bytes);
  }

  /** A repeat was left out. */
  public void repeat() {
    repeats.inc();
  }

  /** An event was left out, since its time was over. */
  public void expired() {
    expired.inc();
  }

  /** A record was read that is no event, and passed over. */
  public void unreadable() {
    unreadable.inc();
  }

  /** The shared reader has read so many events. */
  public void readByShared(int events) {
    readByShared.inc(events);
  }

  /** A catch-up reader has read so many events. */
  public void readByCatchUp(int events) {
    readByCatchUp.inc(events);
  }

  /** A subscriber joined the shared reader. */
  public void joined() {
    joined.inc();
  }

  /** A subscriber left it. */
  public void left() {
    left.inc();
  }

  /** A subscription was refused or ended, for a reason of a fixed list. */
  public void refused(String reason) {
    refused.labelValues(reason).inc();
  }

  /** A reader lost Kafka. */
  public void outage(String reader) {
    outages.labelValues(reader).inc();
  }
}
