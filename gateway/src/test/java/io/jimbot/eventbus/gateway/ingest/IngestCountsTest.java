package io.jimbot.eventbus.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.MetricsPage;
import io.jimbot.eventbus.gateway.ingest.Submission.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class IngestCountsTest {
  private static final String HEARTBEAT = "{\"type\":\"HEARTBEAT\",\"event_id\":\"e\"}";
  private static final String SCORING_UNREADABLE = "{\"type\":\"SCORING\",\"payload\":oops}";

  private final IngestUnderTest ingest = new IngestUnderTest();
  private final HeldPublisher kafka = ingest.kafka;

  @Test
  void everyEventIsReceivedOnceAndThenAcceptedRefusedOrFailedOnce() {
    CompletableFuture<List<Outcome>> answer =
        ingest.batch(
            HEARTBEAT,
            HEARTBEAT,
            HEARTBEAT,
            SCORING_UNREADABLE,
            SCORING_UNREADABLE,
            SCORING_UNREADABLE,
            "{\"type\":\"My.Own\"}",
            "{\"type\":\"my-other\"}",
            "{\"payload\":oops}",
            "{\"event_id\":\"no type\"}");
    kafka.store(0);
    kafka.fail(1);
    kafka.refuse(2);
    kafka.store(3);
    kafka.fail(4);
    kafka.refuse(5);
    kafka.store(6);
    kafka.fail(7);
    kafka.store(8);
    kafka.store(9);
    kafka.store(10);

    assertThat(answer).isDone();
    assertThat(ingest.single("{").join()).hasSize(1);
    MetricsPage metrics = ingest.metrics();
    metrics.everyEventIsCountedTwice();
    assertThat(metrics.sums("eventbus_events_received_total", "type"))
        .isEqualTo(Map.of("HEARTBEAT", 3.0, "SCORING", 3.0, "other", 2.0, "unknown", 3.0));
    assertThat(metrics.sums("eventbus_events_accepted_total", "type"))
        .isEqualTo(Map.of("HEARTBEAT", 1.0, "other", 1.0));
    assertThat(metrics.sums("eventbus_events_refused_total", "type"))
        .isEqualTo(Map.of("HEARTBEAT", 1.0, "SCORING", 2.0, "unknown", 3.0));
    assertThat(metrics.sums("eventbus_events_failed_total", "type"))
        .isEqualTo(Map.of("HEARTBEAT", 1.0, "SCORING", 1.0, "other", 1.0));
    assertThat(metrics.sums("eventbus_events_failed_total", "reason"))
        .isEqualTo(Map.of("kafka_unreachable", 3.0));
    assertThat(metrics.sums("eventbus_events_refused_total", "reason"))
        .isEqualTo(
            Map.of("record_too_large", 1.0, "unreadable", 3.0, "invalid", 1.0, "truncated", 1.0));
    assertThat(metrics.sums("eventbus_dead_letters_total", "reason"))
        .isEqualTo(Map.of("record_too_large", 1.0, "unreadable", 2.0, "invalid", 1.0));
  }

  @Test
  void thereAreAsManyAcknowledgementTimesAsAcceptedEvents() {
    var unused = ingest.batch(HEARTBEAT, HEARTBEAT, HEARTBEAT, SCORING_UNREADABLE);
    kafka.store(0);
    kafka.fail(1);
    kafka.store(2);
    kafka.store(3);

    MetricsPage metrics = ingest.metrics();
    assertThat(metrics.total("eventbus_acknowledgement_seconds_count")).isEqualTo(2);
    assertThat(metrics.total("eventbus_events_accepted_total")).isEqualTo(2);
    assertThat(metrics.total("eventbus_published_bytes_total"))
        .isEqualTo(kafka.record(0).value().length + kafka.record(2).value().length);
    assertThat(metrics.total("eventbus_ingest_bytes_total"))
        .isEqualTo(
            IngestUnderTest.body(HEARTBEAT, HEARTBEAT, HEARTBEAT, SCORING_UNREADABLE).length());
  }

  @Test
  void aTraceThatIsRecordedIsAnExemplarOfItsAcknowledgementTime() {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    var unused =
        ingest.submit(Kind.SINGLE, HEARTBEAT, null, "00-" + trace + "-b7ad6b7169203331-00");
    kafka.store(0);
    assertThat(ingest.openMetrics()).doesNotContain(trace);

    unused = ingest.submit(Kind.SINGLE, HEARTBEAT, null, "00-" + trace + "-b7ad6b7169203331-01");
    kafka.store(1);
    assertThat(ingest.openMetrics())
        .containsPattern("acknowledgement_seconds_bucket.*# .*trace_id=\"" + trace);
  }

  @Test
  void whatIsLeftOverIsCountedByType() {
    var unused =
        ingest.batch(
            "{\"type\":\"HEARTBEAT\",\"zz\":1,\"yy\":{\"xx\":1}}",
            "{\"type\":\"SCORING\",\"version\":\"one\"}",
            "{\"type\":\"My.Own\",\"zz\":1}",
            HEARTBEAT);

    MetricsPage metrics = ingest.metrics();
    assertThat(metrics.sums("eventbus_unmapped_fields_total", "type"))
        .isEqualTo(Map.of("HEARTBEAT", 2.0, "other", 1.0));
    assertThat(metrics.sums("eventbus_misfit_values_total", "type"))
        .isEqualTo(Map.of("SCORING", 1.0));
  }
}
