package io.jimbot.eventbus.gateway.ingest;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gathers the outcomes of one submission, which come in any order and on any thread, and completes
 * its answer with the last of them. Thread-safe.
 */
final class OutcomeCollector {
  private final Outcome[] outcomes;

  /**
   * Counted down by whoever brings an outcome; publishes the array's elements to the one who
   * reaches 0.
   */
  private final AtomicInteger missing;

  private final CompletableFuture<List<Outcome>> answer = new CompletableFuture<>();

  OutcomeCollector(int size) {
    outcomes = new Outcome[size];
    missing = new AtomicInteger(size);
    if (size == 0) {
      answer.complete(List.of());
    }
  }

  CompletableFuture<List<Outcome>> answer() {
    return answer;
  }

  /** Brings the outcome of one event; to be called once for each. */
  void set(int index, Outcome outcome) {
    outcomes[index] = outcome;
    if (missing.decrementAndGet() == 0) {
      answer.complete(Arrays.asList(outcomes));
    }
  }
}
