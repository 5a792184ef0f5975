package io.jimbot.eventbus.gateway.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.deadletter.DeadLetterRecords;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.DeadLetterStage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterBoxTest {

  private static final PublishOutcome STORED = new PublishOutcome.Stored("dead", 0, 1, false);
  private static final PublishOutcome AWAY = new PublishOutcome.Unavailable("timeout", "away");
  private static final PublishOutcome TOO_LARGE =
      new PublishOutcome.Impossible("record_too_large", "it is too large");

  private final Queue<PublishOutcome> outcomes = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();

  private final DeadLetterBox box =
      new DeadLetterBox(
          new DeadLetterRecords("dead"),
          (record, callback) -> callback.onOutcome(outcomes.remove()),
          MemberMetrics.ofGroups(new PrometheusRegistry()));

  private void put(PublishOutcome... inTurn) {
    outcomes.addAll(List.of(inTurn));
    Instant now = Instant.now();
    box.put(
        new StoredEvent(
            new ConsumerRecord<>("log", 0, 7, "key".getBytes(UTF_8), "value".getBytes(UTF_8))),
        "group",
        new Failure(
            DeadLetterStage.DEAD_LETTER_STAGE_DELIVER, DeadLetterReason.PARKED, "no", 1, now, now),
        () -> told.add("stored"),
        () -> told.add("failed"));
  }

  @Test
  void saysOnceItIsStored() {
    put(STORED);
    assertThat(told).containsExactly("stored");
  }

  @Test
  void saysThatItCouldNotBeStored() {
    put(AWAY);
    assertThat(told).containsExactly("failed");
  }

  @Test
  void whatIsTooLargeIsStoredWithoutItsOriginal() {
    put(TOO_LARGE, STORED);
    assertThat(told).containsExactly("stored");
  }

  @Test
  void saysThatItCouldNotBeStoredWithoutItsOriginalEither() {
    put(TOO_LARGE, AWAY);
    put(TOO_LARGE, TOO_LARGE);
    assertThat(told).containsExactly("failed", "failed");
  }
}
