package io.jimbot.eventbus.gateway.delay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.events.v1.CancellationOutcome;
import io.jimbot.events.v1.CancellationReport;
import java.util.concurrent.CompletableFuture;

/**
 * A request to cancel that waits for the answers of all partitions, since the event may be in any
 * of them. Thread-safe.
 */
final class PendingCancellation {

  private final CompletableFuture<Cancellation> answer = new CompletableFuture<>();

  @GuardedBy("this")
  private int missing;

  @GuardedBy("this")
  private int cancelled;

  @GuardedBy("this")
  private boolean stopped;

  @GuardedBy("this")
  private boolean late;

  PendingCancellation(int partitions) {
    missing = partitions;
  }

  CompletableFuture<Cancellation> answer() {
    return answer;
  }

  /** A partition has answered. */
  void report(CancellationReport report) {
    boolean last;
    synchronized (this) {
      cancelled += report.getCancelled();
      stopped |= report.getOutcome() == CancellationOutcome.CANCELLATION_OUTCOME_CANCELLED;
      late |= report.getOutcome() == CancellationOutcome.CANCELLATION_OUTCOME_TOO_LATE;
      missing--;
      last = missing == 0;
    }
    if (last) {
      answer.complete(known(Cancellation.Result.NOT_WAITING));
    }
  }

  /** It is not waited for any longer. */
  void giveUp() {
    answer.complete(known(Cancellation.Result.REQUESTED));
  }

  /** It could not be stored everywhere. */
  void failed() {
    answer.complete(new Cancellation(Cancellation.Result.UNAVAILABLE, 0));
  }

  private synchronized Cancellation known(Cancellation.Result otherwise) {
    if (stopped) {
      return new Cancellation(Cancellation.Result.CANCELLED, cancelled);
    }
    return new Cancellation(late ? Cancellation.Result.TOO_LATE : otherwise, 0);
  }
}
