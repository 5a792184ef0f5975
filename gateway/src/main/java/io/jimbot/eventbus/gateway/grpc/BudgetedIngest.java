package io.jimbot.eventbus.gateway.grpc;

import io.jimbot.eventbus.gateway.ingest.EventSubmission;
import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.ingest.MemoryBudget;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.Submission;
import io.jimbot.eventbus.gateway.telemetry.GrpcMetrics;
import io.jimbot.events.v1.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Lets no more events wait for Kafka than the memory set aside for them holds; what goes beyond
 * fails at once, and may be sent again. Thread-safe.
 */
record BudgetedIngest(Ingest inner, MemoryBudget budget, GrpcMetrics metrics) implements Ingest {

  @Override
  public CompletableFuture<List<Outcome>> submit(EventSubmission submission) {
    long bytes = submission.events().stream().mapToLong(Event::getSerializedSize).sum();
    if (!budget.reserve(bytes)) {
      metrics.rejected("busy");
      return CompletableFuture.completedFuture(
          submission.events().stream().map(BudgetedIngest::busy).toList());
    }
    CompletableFuture<List<Outcome>> submitted;
    try {
      submitted = inner.submit(submission);
    } catch (RuntimeException e) {
      budget.giveBack(bytes);
      throw e;
    }
    return submitted.whenComplete((outcomes, failure) -> budget.giveBack(bytes));
  }

  private static Outcome busy(Event event) {
    return new Outcome.Failed(
        "busy",
        "as many bytes of events wait for Kafka as may",
        event.getEventId().isEmpty() ? null : event.getEventId());
  }

  /** Bodies are HTTP's, which counts them as they come in. */
  @Override
  public CompletableFuture<List<Outcome>> submit(Submission submission) {
    return inner.submit(submission);
  }
}
