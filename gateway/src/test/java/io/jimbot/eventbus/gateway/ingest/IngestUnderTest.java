package io.jimbot.eventbus.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.gateway.MetricsPage;
import io.jimbot.eventbus.gateway.ingest.Submission.Kind;
import io.jimbot.eventbus.gateway.telemetry.IngestMetrics;
import io.jimbot.eventbus.gateway.telemetry.Tracing;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An ingest in front of a publisher that the test holds in its hand. */
final class IngestUnderTest {
  static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");
  static final String PRODUCER = "10.0.0.7";

  final HeldPublisher kafka = new HeldPublisher();
  private final Telemetry telemetry = new Telemetry();
  private final EventIngest ingest;

  IngestUnderTest() {
    EventCatalogue catalogue = EventCatalogue.builtIn();
    ingest =
        new EventIngest(
            new IngestSettings(
                64,
                256,
                10_000,
                DataSize.bytes(1_000_000),
                100,
                Duration.ofMinutes(1),
                Duration.ofDays(7)),
            catalogue,
            kafka,
            new KafkaTopics("jimbot"),
            new IngestMetrics(telemetry.registry(), catalogue),
            (producer, game) -> {},
            Tracing.off(),
            System::nanoTime);
  }

  CompletableFuture<List<Outcome>> single(String body) {
    return submit(Kind.SINGLE, body, null, null);
  }

  /** A batch of the source "mod" with these events. */
  CompletableFuture<List<Outcome>> batch(String... events) {
    return submit(Kind.BATCH, body(events), null, null);
  }

  /** The body of {@link #batch}. */
  static String body(String... events) {
    return "{\"source\":\"mod\",\"events\":[" + String.join(",", events) + "]}";
  }

  CompletableFuture<List<Outcome>> submit(
      Kind kind, String body, @Nullable String orderingKey, @Nullable String traceparent) {
    return submit(kind, body, orderingKey, traceparent, Timing.USUAL);
  }

  CompletableFuture<List<Outcome>> submit(
      Kind kind,
      String body,
      @Nullable String orderingKey,
      @Nullable String traceparent,
      Timing timing) {
    byte[] bytes = body.getBytes(UTF_8);
    return ingest.submit(
        new Submission(
            bytes, bytes.length, kind, PRODUCER, orderingKey, traceparent, RECEIVED, timing));
  }

  /** As a scraper gets it that asks for exemplars. */
  String openMetrics() {
    return new String(telemetry.exposition().render("application/openmetrics-text").body(), UTF_8);
  }

  MetricsPage metrics() {
    return new MetricsPage(telemetry.exposition().render(null).body());
  }
}
