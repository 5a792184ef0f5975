package io.jimbot.eventbus.gateway.telemetry;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens to events on their way in. Thread-safe.
 *
 * <p>Every event is received once and then accepted, refused or failed once, so per type {@code
 * eventbus_events_received_total} is the sum of the three once nothing is in flight. The type is a
 * listed one, else {@code other}; {@code unknown} where the bytes did not tell. Reasons come from
 * fixed lists.
 *
 * <p>Further: {@code eventbus_dead_letters_total{reason}} pieces kept as dead letters; {@code
 * eventbus_unmapped_fields_total{type}} members of the JSON that the contract has no field for, and
 * {@code eventbus_misfit_values_total{type}} values that did not fit their field, both kept as
 * leftovers; {@code eventbus_ingest_bytes_total} bytes of bodies; {@code
 * eventbus_published_bytes_total} bytes of acknowledged events; {@code
 * eventbus_acknowledgement_seconds} from the body's arrival to Kafka's acknowledgement of an event.
 */
public final class IngestMetrics {
  private static final String OTHER = "other";
  private static final String UNKNOWN = "unknown";
  private static final double NANOS = 1e-9;
  private static final double[] BUCKETS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final Map<String, TypeCounters> byType = new HashMap<>();
  private final TypeCounters other;
  private final TypeCounters unknown;
  private final Counter refused;
  private final Counter failed;
  private final Counter deadLetters;
  private final Counter repeated;
  private final Counter bodyBytes;
  private final Counter publishedBytes;
  private final Histogram acknowledgement;

  /** Registers them, with a series for each type of the catalogue. */
  public IngestMetrics(PrometheusRegistry registry, EventCatalogue catalogue) {
    Counter received =
        counter(registry, "eventbus_events_received_total", "Events received, by type.", "type");
    Counter accepted =
        counter(
            registry,
            "eventbus_events_accepted_total",
            "Events that Kafka acknowledged, by type.",
            "type");
    Counter unmapped =
        counter(
            registry,
            "eventbus_unmapped_fields_total",
            "JSON members without a field, by event type.",
            "type");
    Counter misfits =
        counter(
            registry,
            "eventbus_misfit_values_total",
            "JSON values that did not fit, by event type.",
            "type");
    this.refused =
        counter(
            registry,
            "eventbus_events_refused_total",
            "Events not acceptable, by type and reason.",
            "type",
            "reason");
    this.failed =
        counter(
            registry,
            "eventbus_events_failed_total",
            "Events not stored, by type and reason.",
            "type",
            "reason");
    this.deadLetters =
        counter(
            registry,
            "eventbus_dead_letters_total",
            "Pieces kept as dead letters, by reason.",
            "reason");
    this.repeated =
        counter(
            registry,
            "eventbus_events_repeated_total",
            "Accepted events that were stored before, and not again.");
    this.bodyBytes =
        counter(
            registry, "eventbus_ingest_bytes_total", "Bytes of request bodies that were decoded.");
    this.publishedBytes =
        counter(
            registry, "eventbus_published_bytes_total", "Bytes of events that Kafka acknowledged.");
    this.acknowledgement =
        Histogram.builder()
            .name("eventbus_acknowledgement_seconds")
            .help("Time from a body's arrival to Kafka's acknowledgement of an event in it.")
            .classicUpperBounds(BUCKETS)
            .register(registry);
    this.other = new TypeCounters(OTHER, received, accepted, unmapped, misfits);
    this.unknown = new TypeCounters(UNKNOWN, received, accepted, unmapped, misfits);
    for (EventType type : catalogue.types()) {
      byType.put(type.name(), new TypeCounters(type.name(), received, accepted, unmapped, misfits));
    }
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  /** The counters of one type, looked up once. */
  private record TypeCounters(
      String label,
      CounterDataPoint received,
      CounterDataPoint accepted,
      CounterDataPoint unmapped,
      CounterDataPoint misfits) {
    TypeCounters(
        String label, Counter received, Counter accepted, Counter unmapped, Counter misfits) {
      this(
          label,
          received.labelValues(label),
          accepted.labelValues(label),
          unmapped.labelValues(label),
          misfits.labelValues(label));
    }
  }

  private TypeCounters of(@Nullable String type) {
    return type == null ? unknown : byType.getOrDefault(type, other);
  }

  /** A body of so many bytes came in. */
  public void bodyReceived(int bytes) {
    bodyBytes.inc(bytes);
  }

  /** An event was read, with so many members and values left over. */
  public void received(EventType type, int unmappedMembers, int misfitValues) {
    TypeCounters counters = of(type.name());
    counters.received().inc();
    if (unmappedMembers > 0) {
      counters.unmapped().inc(unmappedMembers);
    }
    if (misfitValues > 0) {
      counters.misfits().inc(misfitValues);
    }
  }

  /** A piece was found that is no acceptable event. */
  public void receivedBroken(@Nullable String type) {
    of(type).received().inc();
  }

  /**
   * Kafka acknowledged an event.
   *
   * @param traceparent the event's trace; one that is recorded becomes an exemplar of the time
   */
  public void accepted(
      EventType type, int bytes, long nanosToAcknowledgement, @Nullable String traceparent) {
    of(type.name()).accepted().inc();
    publishedBytes.inc(bytes);
    Labels exemplar = TraceContext.exemplar(traceparent);
    if (exemplar == null) {
      acknowledgement.observe(nanosToAcknowledgement * NANOS);
    } else {
      acknowledgement.observeWithExemplar(nanosToAcknowledgement * NANOS, exemplar);
    }
  }

  /** An event that was accepted had been stored before. */
  public void repeated() {
    repeated.inc();
  }

  /** An event was refused. */
  public void refused(@Nullable String type, String reason) {
    refused.labelValues(of(type).label(), reason).inc();
  }

  /** An event was not stored, though it may be sent again. */
  public void failed(@Nullable String type, String reason) {
    failed.labelValues(of(type).label(), reason).inc();
  }

  /** A piece was kept as a dead letter. */
  public void deadLettered(String reason) {
    deadLetters.labelValues(reason).inc();
  }
}
