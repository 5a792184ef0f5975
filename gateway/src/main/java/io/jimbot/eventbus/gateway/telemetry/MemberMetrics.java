package io.jimbot.eventbus.gateway.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The metrics of the members of groups or of queues at this gateway, all beginning with {@code
 * eventbus_group_} or {@code eventbus_queue_}: {@code members}, {@code outstanding_events}, {@code
 * held_bytes}; {@code delivered_total}, {@code settled_total{how}}, {@code late_settlements_total},
 * {@code timeouts_total}, {@code dead_letters_total{reason}}, {@code dead_letter_failures_total},
 * {@code repeats_total}, {@code redriven_total{addressed}}, {@code expired_total}, {@code
 * unreadable_total}, {@code rebalances_total}, {@code commit_failures_total}, {@code
 * outages_total}, {@code refused_total{reason}}; of queues also {@code repeats_unknown_total}; of
 * groups also {@code held_up_keys}, {@code held_back_events}, {@code paused_partitions}, {@code
 * deleted_offsets_total}. Thread-safe.
 */
public final class MemberMetrics {

  private final PrometheusRegistry registry;
  private final String prefix;
  private final Counter delivered;
  private final Counter settled;
  private final Counter late;
  private final Counter timeouts;
  private final Counter deadLetters;
  private final Counter deadLetterFailures;
  private final Counter repeats;
  private final Counter expired;
  private final Counter unreadable;
  private final Counter redriven;
  private final Counter rebalances;
  private final Counter commitFailures;
  private final Counter outages;
  private final Counter refused;

  /** Registers those of groups. */
  public static MemberMetrics ofGroups(PrometheusRegistry registry) {
    return new MemberMetrics(registry, "eventbus_group_");
  }

  /** Registers those of queues. */
  public static MemberMetrics ofQueues(PrometheusRegistry registry) {
    return new MemberMetrics(registry, "eventbus_queue_");
  }

  private MemberMetrics(PrometheusRegistry registry, String prefix) {
    this.registry = registry;
    this.prefix = prefix;
    this.delivered = counter("delivered_total", "Events handed to members.");
    this.settled = counter("settled_total", "Settlements that were taken.", "how");
    this.late = counter("late_settlements_total", "Settlements that came too late.");
    this.timeouts = counter("timeouts_total", "Deliveries not acknowledged in time.");
    this.deadLetters = counter("dead_letters_total", "Events given up.", "reason");
    this.deadLetterFailures =
        counter("dead_letter_failures_total", "Times a dead letter could not be stored.");
    this.repeats = counter("repeats_total", "Repeated events left out at subscribers' wish.");
    this.expired = counter("expired_total", "Events left out since their time was over.");
    this.unreadable = counter("unreadable_total", "Times a record came that is no event.");
    this.redriven =
        counter(
            "redriven_total",
            "Events that came again for one group only, by whether it is this one.",
            "addressed");
    this.rebalances = counter("rebalances_total", "Changes of the partitions of a member.");
    this.commitFailures = counter("commit_failures_total", "Places that could not be stored.");
    this.outages = counter("outages_total", "Times a member lost Kafka.");
    this.refused = counter("refused_total", "Members refused or ended.", "reason");
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(prefix + name).help(help).labelNames(labels).register(registry);
  }

  /** Shows what there is now; to be called once. */
  public void watch(LongSupplier members, LongSupplier outstanding, LongSupplier heldBytes) {
    gauge("members", "Members at this gateway.", members);
    gauge("outstanding_events", "Events delivered and not settled.", outstanding);
    gauge("held_bytes", "Bytes of events taken from Kafka and not settled.", heldBytes);
  }

  /** Shows how many keys wait now, how many events of theirs, and partitions; to be called once. */
  public void watchHeldUp(LongSupplier keys, LongSupplier events, LongSupplier partitions) {
    gauge("held_up_keys", "Ordering keys that wait for an event that has failed.", keys);
    gauge(
        "held_back_events",
        "Events that wait for one of their key that has failed; in strict order, for any.",
        events);
    gauge("paused_partitions", "Partitions that are not read until there is room.", partitions);
  }

  /** Counts offsets that no member can get any more; to be called once. */
  public LongConsumer countDeleted() {
    Counter deleted =
        counter(
            "deleted_offsets_total", "Offsets that were deleted before the group had read them.");
    return deleted::inc;
  }

  /**
   * Counts how often it could not be told in time which events repeat others; to be called once.
   */
  public Runnable countRepeatsUnknown() {
    Counter unknown =
        counter(
            "repeats_unknown_total",
            "Times it could not be told in time which events repeat others; they wait for it.");
    return unknown::inc;
  }

  private void gauge(String name, String help, LongSupplier value) {
    GaugeWithCallback.builder()
        .name(prefix + name)
        .help(help)
        .callback(callback -> callback.call(value.getAsLong()))
        .register(registry);
  }

  /** So many events were handed over. */
  public void delivered(int events) {
    delivered.inc(events);
  }

  /** A settlement was taken; how is a word of a fixed list. */
  public void settled(String how) {
    settled.labelValues(how).inc();
  }

  /** A settlement came too late. */
  public void late() {
    late.inc();
  }

  /** So many deliveries were not acknowledged in time. */
  public void timeouts(int deliveries) {
    timeouts.inc(deliveries);
  }

  /** An event lies in the dead letters. */
  public void deadLettered(String reason) {
    deadLetters.labelValues(reason).inc();
  }

  /** A dead letter could not be stored; it is tried again. */
  public void deadLetterFailed() {
    deadLetterFailures.inc();
  }

  /** A repeat was left out. */
  public void repeat() {
    repeats.inc();
  }

  /** An event was left out, since its time was over. */
  public void expired() {
    expired.inc();
  }

  /** A record came that is no event, and was passed over. */
  public void unreadable() {
    unreadable.inc();
  }

  /** An event came again for one group only: for this one, or for another. */
  public void cameAgain(boolean addressed) {
    redriven.labelValues(Boolean.toString(addressed)).inc();
  }

  /** Partitions came or went. */
  public void rebalanced() {
    rebalances.inc();
  }

  /** A place could not be stored. */
  public void commitFailed() {
    commitFailures.inc();
  }

  /** A member lost Kafka. */
  public void outage() {
    outages.inc();
  }

  /** A member was refused or ended, for a reason of a fixed list. */
  public void refused(String reason) {
    refused.labelValues(reason).inc();
  }
}
