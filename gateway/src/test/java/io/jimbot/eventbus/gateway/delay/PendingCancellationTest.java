package io.jimbot.eventbus.gateway.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.delay.Cancellation.Result;
import io.jimbot.events.v1.CancellationOutcome;
import io.jimbot.events.v1.CancellationReport;
import org.junit.jupiter.api.Test;

class PendingCancellationTest {

  private final PendingCancellation request = new PendingCancellation(3);

  private void report(CancellationOutcome outcome, int cancelled) {
    request.report(
        CancellationReport.newBuilder().setOutcome(outcome).setCancelled(cancelled).build());
  }

  private void notWaiting() {
    report(CancellationOutcome.CANCELLATION_OUTCOME_NOT_WAITING, 0);
  }

  @Test
  void theAnswerIsThereWhenEveryPartitionHasAnswered() {
    report(CancellationOutcome.CANCELLATION_OUTCOME_CANCELLED, 2);
    notWaiting();
    assertThat(request.answer()).isNotDone();

    report(CancellationOutcome.CANCELLATION_OUTCOME_CANCELLED, 1);
    assertThat(request.answer()).isCompletedWithValue(new Cancellation(Result.CANCELLED, 3));
  }

  @Test
  void onePartitionThatHadItTooLateMeansTooLate() {
    notWaiting();
    report(CancellationOutcome.CANCELLATION_OUTCOME_TOO_LATE, 0);
    notWaiting();

    assertThat(request.answer()).isCompletedWithValue(new Cancellation(Result.TOO_LATE, 0));
  }

  @Test
  void onlyAllPartitionsTogetherKnowThatNoneWaits() {
    notWaiting();
    notWaiting();
    request.giveUp();

    assertThat(request.answer()).isCompletedWithValue(new Cancellation(Result.REQUESTED, 0));
  }

  @Test
  void whatIsKnownWhenTheTimeIsOverIsAnswered() {
    report(CancellationOutcome.CANCELLATION_OUTCOME_CANCELLED, 1);
    request.giveUp();

    assertThat(request.answer()).isCompletedWithValue(new Cancellation(Result.CANCELLED, 1));
  }

  @Test
  void oneThatIsNotStoredEverywhereIsNotStored() {
    request.failed();
    request.giveUp();

    assertThat(request.answer()).isCompletedWithValue(new Cancellation(Result.UNAVAILABLE, 0));
  }
}
