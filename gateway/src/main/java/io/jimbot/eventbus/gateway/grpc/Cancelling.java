package io.jimbot.eventbus.gateway.grpc;

import io.grpc.stub.StreamObserver;
import io.jimbot.eventbus.gateway.delay.Cancellation;
import io.jimbot.eventbus.gateway.delay.Cancellations;
import io.jimbot.eventbus.gateway.grpc.Refusals.Violation;
import io.jimbot.events.v1.CancelEventRequest;
import io.jimbot.events.v1.CancelEventResponse;
import io.jimbot.events.v1.CancellationOutcome;
import java.util.List;

/** {@code CancelEvent}. Thread-safe. */
final class Cancelling {

  private final Cancellations cancellations;
  private final Refusals refusals;

  Cancelling(Cancellations cancellations, Refusals refusals) {
    this.cancellations = cancellations;
    this.refusals = refusals;
  }

  void cancel(CancelEventRequest request, StreamObserver<CancelEventResponse> answer) {
    String id = request.getEventId();
    if (id.isEmpty() || id.length() > Cancellations.MAX_ID) {
      answer.onError(
          refusals.invalid(
              List.of(
                  new Violation(
                      "event_id", "an id of 1 to " + Cancellations.MAX_ID + " characters"))));
      return;
    }
    var unused = cancellations.cancel(id).thenAccept(done -> answer(done, answer));
  }

  private void answer(Cancellation done, StreamObserver<CancelEventResponse> answer) {
    if (done.result() == Cancellation.Result.UNAVAILABLE) {
      answer.onError(
          refusals.unavailable("unavailable", "the request is not stored; send it again"));
      return;
    }
    answer.onNext(
        CancelEventResponse.newBuilder()
            .setOutcome(outcome(done.result()))
            .setCancelled(done.cancelled())
            .build());
    answer.onCompleted();
  }

  private static CancellationOutcome outcome(Cancellation.Result result) {
    return switch (result) {
      case CANCELLED -> CancellationOutcome.CANCELLATION_OUTCOME_CANCELLED;
      case TOO_LATE -> CancellationOutcome.CANCELLATION_OUTCOME_TOO_LATE;
      case NOT_WAITING -> CancellationOutcome.CANCELLATION_OUTCOME_NOT_WAITING;
      case REQUESTED, UNAVAILABLE -> CancellationOutcome.CANCELLATION_OUTCOME_UNSPECIFIED;
    };
  }
}
