package io.jimbot.eventbus.gateway.telemetry;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The metrics of HTTP. Thread-safe.
 *
 * <p>{@code eventbus_http_requests_total{route,status}} counts every request; {@code
 * eventbus_http_request_seconds{route}} times those that carry events, from their headers' arrival
 * to the answer's end; {@code eventbus_http_rejected_total{reason}} counts bodies that were refused
 * unread; {@code eventbus_http_unreadable_records_total} counts records without an event; {@code
 * eventbus_http_body_bytes} is what bodies hold of the memory set aside for them; {@code
 * eventbus_http_answers_unsent} are answers whose client has not taken them yet, and {@code
 * eventbus_http_answers_cut_off_total} counts those that took too long over it; {@code
 * eventbus_http_answers_given_up_total} counts requests that carried events whose outcome did not
 * come in time. Routes and reasons come from fixed lists.
 */
public final class HttpMetrics {

  private static final double NANOS = 1e-9;
  private static final double[] BUCKETS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final PrometheusRegistry registry;
  private final Counter requests;
  private final Histogram seconds;
  private final Counter rejected;
  private final Counter unreadable;
  private final Gauge unsent;
  private final Counter cutOff;
  private final Counter givenUp;

  /** Series that have been looked up; at most routes times statuses. */
  private final Map<Series, CounterDataPoint> requestSeries = new ConcurrentHashMap<>();

  private final Map<String, DistributionDataPoint> secondsSeries = new ConcurrentHashMap<>();

  private record Series(String route, int status) {}

  /** Registers them. */
  public HttpMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.requests =
        Counter.builder()
            .name("eventbus_http_requests_total")
            .help("HTTP requests answered, by route and status.")
            .labelNames("route", "status")
            .register(registry);
    this.seconds =
        Histogram.builder()
            .name("eventbus_http_request_seconds")
            .help(
                "Time from the headers' arrival to the end of the answer, of requests that carry events.")
            .labelNames("route")
            .classicUpperBounds(BUCKETS)
            .register(registry);
    this.unreadable =
        Counter.builder()
            .name("eventbus_http_unreadable_records_total")
            .help("Records that were to be given out and hold no event.")
            .register(registry);
    this.unsent =
        Gauge.builder()
            .name("eventbus_http_answers_unsent")
            .help("Answers that are known, and that their client has not taken yet.")
            .register(registry);
    this.cutOff =
        Counter.builder()
            .name("eventbus_http_answers_cut_off_total")
            .help("Answers that their client did not take in time.")
            .register(registry);
    this.givenUp =
        Counter.builder()
            .name("eventbus_http_answers_given_up_total")
            .help("Requests that carried events whose outcome did not come in time.")
            .register(registry);
    this.rejected =
        Counter.builder()
            .name("eventbus_http_rejected_total")
            .help("Request bodies refused before they were read in full, by reason.")
            .labelNames("reason")
            .register(registry);
  }

  /** A request was answered. */
  public void answered(String route, int status) {
    requestSeries
        .computeIfAbsent(
            new Series(route, status),
            s -> requests.labelValues(s.route(), Integer.toString(s.status())))
        .inc();
  }

  /** A request that carried events took that long. */
  public void took(String route, long nanos) {
    secondsSeries.computeIfAbsent(route, seconds::labelValues).observe(nanos * NANOS);
  }

  /** A record that was to be given out holds no event. */
  public void unreadableRecord() {
    unreadable.inc();
  }

  /** A body was refused unread. */
  public void rejected(String reason) {
    rejected.labelValues(reason).inc();
  }

  /** An answer is known. */
  public void answerKnown() {
    unsent.inc();
  }

  /** Its client has it, or is gone. */
  public void answerSent() {
    unsent.dec();
  }

  /** A client took too long over an answer. */
  public void answerCutOff() {
    cutOff.inc();
  }

  /** A request was told to come again, as the outcome of its events did not come in time. */
  public void answerGivenUp() {
    givenUp.inc();
  }

  /** Shows how many streams of server-sent events there are; to be called once. */
  public void watchEventStreams(IntSupplier streams) {
    GaugeWithCallback.builder()
        .name("eventbus_http_event_streams")
        .help("Open streams of server-sent events.")
        .callback(callback -> callback.call(streams.getAsInt()))
        .register(registry);
  }

  /** Shows how many bytes request bodies hold; to be called once. */
  public void watchBodyBytes(LongSupplier bytes) {
    GaugeWithCallback.builder()
        .name("eventbus_http_body_bytes")
        .help("Bytes that request bodies hold now.")
        .callback(callback -> callback.call(bytes.getAsLong()))
        .register(registry);
  }
}
