package io.jimbot.eventbus.gateway.grpc;

import io.grpc.StatusRuntimeException;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.gateway.ingest.EventSubmission;
import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.ingest.OrderingKeys;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.SubmissionFault;
import io.jimbot.eventbus.gateway.ingest.TimingRules;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.PublishEventResponse;
import io.jimbot.events.v1.PublishFailure;
import io.jimbot.events.v1.PublishResult;
import io.jimbot.events.v1.RecordPosition;
import io.jimbot.events.v1.StreamPublish;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Hands events to the ingest, and words what became of them. Thread-safe. */
final class Publishing {

  private final Ingest ingest;
  private final EventCatalogue catalogue;
  private final TimingRules timingRules;
  private final Refusals refusals;
  private final Clock clock;

  Publishing(
      Ingest ingest,
      EventCatalogue catalogue,
      TimingRules timingRules,
      Refusals refusals,
      Clock clock) {
    this.ingest = ingest;
    this.catalogue = catalogue;
    this.timingRules = timingRules;
    this.refusals = refusals;
    this.clock = clock;
  }

  /** One outcome for each event, in their order; completes on Kafka's thread. */
  CompletableFuture<List<Outcome>> publish(
      List<Event> events, boolean batch, String orderingKey, AskedTiming asked, Caller caller) {
    try {
      return submit(events, batch, orderingKey, asked, caller);
    } catch (SubmissionFault e) {
      return CompletableFuture.failedFuture(refusals.of(e));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(refusals.unexpected(e));
    }
  }

  /** The result of one event of a stream, which goes on whatever it is. */
  CompletableFuture<PublishResult> publish(StreamPublish publish, Caller caller) {
    Event event = publish.getEvent();
    try {
      AskedTiming asked = AskedTiming.of(publish);
      return submit(List.of(event), false, publish.getOrderingKey(), asked, caller)
          .thenApply(outcomes -> result(event, outcomes.get(0)))
          .exceptionally(failure -> unexpected(event, failure));
    } catch (SubmissionFault e) {
      PublishFailure.Builder failure =
          failure(event)
              .setReason(e.reason())
              .setField(AskedTiming.field(e))
              .setMessage(String.valueOf(e.getMessage()));
      return CompletableFuture.completedFuture(
          PublishResult.newBuilder().setFailure(failure).build());
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(unexpected(event, e));
    }
  }

  /** A bug that one event meets costs the others of its stream nothing. */
  private PublishResult unexpected(Event event, Throwable failure) {
    String message = String.valueOf(refusals.unexpected(failure).getStatus().getDescription());
    return PublishResult.newBuilder()
        .setFailure(failure(event).setReason("internal").setMessage(message))
        .build();
  }

  private CompletableFuture<List<Outcome>> submit(
      List<Event> events, boolean batch, String orderingKey, AskedTiming asked, Caller caller)
      throws SubmissionFault {
    if (!orderingKey.isEmpty()) {
      OrderingKeys.check(orderingKey);
    }
    Instant now = clock.instant();
    return ingest.submit(
        new EventSubmission(
            events,
            batch,
            caller.producer(),
            orderingKey.isEmpty() ? null : orderingKey,
            caller.traceparent(),
            now,
            asked.check(timingRules, now)));
  }

  /** The answer to a single event; a status if it was not stored. */
  PublishEventResponse answer(Event event, Outcome outcome) {
    return outcome.match(
        accepted -> stored(event, accepted),
        refused -> {
          throw refusals.of(refused, "event");
        },
        failed -> {
          throw refusals.of(failed);
        });
  }

  /** The answer for one of many. */
  PublishResult result(Event event, Outcome outcome) {
    PublishResult.Builder result = PublishResult.newBuilder();
    return outcome
        .match(
            accepted -> result.setStored(stored(event, accepted)),
            refused ->
                result.setFailure(
                    failure(event)
                        .setReason(refused.reason())
                        .setField(refused.path())
                        .setMessage(refused.message())),
            failed ->
                result.setFailure(
                    failure(event)
                        .setReason(failed.reason())
                        .setMessage(failed.message())
                        .setRetryable(true)
                        .setRetryAfter(refusals.retryAfter())))
        .build();
  }

  private static PublishFailure.Builder failure(Event event) {
    return PublishFailure.newBuilder().setEventId(event.getEventId());
  }

  private PublishEventResponse stored(Event event, Outcome.Accepted accepted) {
    String type = EventType.canonical(event.getEventType());
    return PublishEventResponse.newBuilder()
        .setEventId(accepted.eventId())
        .setTopic(type == null ? "" : catalogue.type(type).topic())
        .setPosition(
            RecordPosition.newBuilder()
                .setTopic(accepted.topic())
                .setPartition(accepted.partition())
                .setOffset(accepted.offset()))
        .setRepeat(accepted.repeat())
        .build();
  }

  /** The status of a failure, whatever it is. */
  StatusRuntimeException status(Throwable failure) {
    Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
    return cause instanceof StatusRuntimeException status ? status : refusals.unexpected(failure);
  }
}
