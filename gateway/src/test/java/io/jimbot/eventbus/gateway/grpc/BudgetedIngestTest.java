package io.jimbot.eventbus.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jimbot.eventbus.gateway.ingest.EventSubmission;
import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.ingest.MemoryBudget;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.Submission;
import io.jimbot.eventbus.gateway.ingest.Timing;
import io.jimbot.eventbus.gateway.telemetry.GrpcMetrics;
import io.jimbot.events.v1.Event;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetedIngestTest {

  private static final Event EVENT =
      Event.newBuilder().setEventType("STEP").setEventId("e").setSource("x".repeat(500)).build();

  private static final EventSubmission SUBMISSION =
      new EventSubmission(List.of(EVENT), false, "test", null, null, Instant.EPOCH, Timing.USUAL);

  private final CompletableFuture<List<Outcome>> answer = new CompletableFuture<>();
  private final MemoryBudget budget = new MemoryBudget(1_000);
  private final Ingest ingest =
      new BudgetedIngest(new Held(answer), budget, new GrpcMetrics(new PrometheusRegistry()));

  @Test
  void whatWaitsForKafkaHoldsNoMoreMemoryThanItMay() {
    CompletableFuture<List<Outcome>> first = publish();
    assertThat(first).isNotDone();

    assertThat(publish().join())
        .containsExactly(
            new Outcome.Failed("busy", "as many bytes of events wait for Kafka as may", "e"));
    answer.complete(List.of());
    assertThat(budget.usedBytes()).isZero();
    assertThat(publish().join()).isEmpty();
  }

  @Test
  void aBugBehindItCostsNoMemoryForEver() {
    Ingest broken =
        new BudgetedIngest(new Held(null), budget, new GrpcMetrics(new PrometheusRegistry()));

    assertThatThrownBy(() -> broken.submit(SUBMISSION)).isInstanceOf(RuntimeException.class);

    assertThat(budget.usedBytes()).isZero();
  }

  private CompletableFuture<List<Outcome>> publish() {
    return ingest.submit(SUBMISSION);
  }

  /** Answers when the test wants it; throws if it has no answer. */
  private record Held(@Nullable CompletableFuture<List<Outcome>> answer) implements Ingest {
    @Override
    public CompletableFuture<List<Outcome>> submit(Submission submission) {
      return Objects.requireNonNull(answer);
    }

    @Override
    public CompletableFuture<List<Outcome>> submit(EventSubmission submission) {
      return Objects.requireNonNull(answer);
    }
  }
}
