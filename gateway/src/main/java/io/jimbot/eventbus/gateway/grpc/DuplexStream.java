package io.jimbot.eventbus.gateway.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.grpc.Refusals.Violation;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.AcknowledgeResponse;
import io.jimbot.events.v1.Credit;
import io.jimbot.events.v1.PublishResult;
import io.jimbot.events.v1.StreamEventsRequest;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.StreamPublish;
import io.jimbot.events.v1.StreamPublishResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code StreamEvents}: publishes, settles and takes credit as the client's messages come, on
 * gRPC's thread of the call. The client is only read while fewer of its events wait for Kafka than
 * may. When it ends its half, the stream ends once all its events are answered.
 */
final class DuplexStream implements StreamObserver<StreamEventsRequest> {

  /** A stream that only publishes, when the gateway stops. */
  private record PublishOnly(OutboundStream out, Refusals refusals)
      implements OpenStreams.Drainable {

    @Override
    public void drain(Instant deadline) {
      out.drain(deadline);
    }

    @Override
    public void end() {
      out.fail(refusals.unavailable("stopping", "this gateway stops"));
    }
  }

  private final ServerCallStreamObserver<OutboundMessage> observer;
  private final Caller caller;
  private final Publishing publishing;
  private final Subscriptions subscriptions;
  private final OpenStreams streams;
  private final StreamSurroundings surroundings;
  private final StreamHandlers handlers;
  private final Object lock = new Object();

  /** Events that wait for Kafka. */
  @GuardedBy("lock")
  private int inFlight;

  /** Results that were sent since the client was last known to read. */
  @GuardedBy("lock")
  private int unreadResults;

  /** Whether the next message is to be read once the client reads. */
  @GuardedBy("lock")
  private boolean heldBack;

  /** Whether the client has said all. */
  @GuardedBy("lock")
  private boolean halfClosed;

  // The following are only used on the thread of the call, which gRPC serializes.
  private @Nullable OutboundStream out;
  private @Nullable SubscriberStream subscriber;
  private boolean refused;
  private @Nullable CreditAccount credit;
  private boolean mayPublish;

  DuplexStream(
      ServerCallStreamObserver<OutboundMessage> observer,
      Caller caller,
      Publishing publishing,
      Subscriptions subscriptions,
      OpenStreams streams,
      StreamSurroundings surroundings) {
    this.observer = observer;
    this.caller = caller;
    this.publishing = publishing;
    this.subscriptions = subscriptions;
    this.streams = streams;
    this.surroundings = surroundings;
    observer.disableAutoRequest();
    this.handlers = new StreamHandlers(observer, this::ready);
    observer.request(1);
  }

  @Override
  public void onNext(StreamEventsRequest request) {
    boolean readOn =
        switch (request.getMessageCase()) {
          case OPEN -> open(request.getOpen());
          case PUBLISH -> publish(request.getPublish());
          case ACKNOWLEDGE -> acknowledge(request.getAcknowledge());
          case CREDIT -> credit(request.getCredit());
          case MESSAGE_NOT_SET ->
              refuse("message", "this gateway does not know this kind of message");
        };
    if (readOn) {
      readOn();
    }
  }

  /**
   * Reads the next message; but not while as many results wait for a client that does not read as
   * events may be in flight.
   */
  private void readOn() {
    synchronized (lock) {
      if (!observer.isReady() && unreadResults >= surroundings.settings().publishesInFlight()) {
        heldBack = true;
        return;
      }
    }
    observer.request(1);
  }

  /** The client reads. */
  private void ready() {
    boolean goOn;
    synchronized (lock) {
      unreadResults = 0;
      goOn = heldBack;
      heldBack = false;
    }
    if (goOn) {
      observer.request(1);
    }
  }

  private boolean open(StreamOpen open) {
    if (out != null) {
      return refuse("open", "the stream is open already");
    }
    if (!open.getPublish() && !open.hasSubscription()) {
      return refuse("open", "the stream is to publish, to subscribe, or both");
    }
    mayPublish = open.getPublish();
    if (!open.hasSubscription()) {
      return openToPublish();
    }
    credit = open.hasCredit() ? new CreditAccount(open.getCredit()) : null;
    subscriber =
        SubscriberStream.open(
            open.getSubscription(),
            observer,
            EventBusService.STREAM,
            credit,
            surroundings,
            subscriptions,
            streams);
    if (subscriber == null) {
      refused = true;
      return false;
    }
    out = subscriber.out();
    handlers.serve(subscriber);
    return true;
  }

  private boolean openToPublish() {
    if (streams.isDraining()) {
      refused = true;
      observer.onError(surroundings.refusals().unavailable("stopping", "this gateway stops"));
      return false;
    }
    OutboundStream opened =
        new OutboundStream(
            observer, EventBusService.STREAM, new Gathering(1, Duration.ZERO), null, surroundings);
    PublishOnly stream = new PublishOnly(opened, surroundings.refusals());
    streams.add(stream);
    handlers.onGone(
        () -> {
          streams.remove(stream);
          opened.abandon();
        });
    out = opened;
    opened.begin();
    return true;
  }

  private boolean publish(StreamPublish publish) {
    OutboundStream to = out;
    if (to == null || !mayPublish) {
      return refuse("publish", "the stream was not opened to publish");
    }
    boolean room;
    synchronized (lock) {
      inFlight++;
      room = inFlight < surroundings.settings().publishesInFlight();
    }
    var unused =
        publishing
            .publish(publish, caller)
            .whenComplete((result, failure) -> published(publish, result, failure, !room, to));
    return room;
  }

  private void published(
      StreamPublish publish,
      PublishResult result,
      @Nullable Throwable failure,
      boolean readOn,
      OutboundStream to) {
    if (failure != null) {
      to.fail(publishing.status(failure));
      return;
    }
    to.send(
        StreamEventsResponse.newBuilder()
            .setPublishResult(
                StreamPublishResult.newBuilder()
                    .setCorrelation(publish.getCorrelation())
                    .setResult(result))
            .build());
    boolean last;
    synchronized (lock) {
      inFlight--;
      unreadResults++;
      last = halfClosed && inFlight == 0;
    }
    if (readOn) {
      readOn();
    }
    if (last) {
      to.complete();
    }
  }

  private boolean acknowledge(AcknowledgeRequest request) {
    SubscriberStream target = subscriber;
    if (out == null) {
      return refuse("acknowledge", "the first message must be open");
    }
    Violation violation = Acknowledgements.violation(request);
    if (violation != null) {
      return refuse("acknowledge." + violation.field(), violation.message());
    }
    AcknowledgeResponse failures =
        new Acknowledgements(
                (id, settlement) ->
                    target == null ? Settled.NOT_HERE : target.settle(id, settlement))
            .settle(request);
    if (failures.getFailuresCount() > 0) {
      out.send(StreamEventsResponse.newBuilder().setAcknowledgeResult(failures).build());
      synchronized (lock) {
        unreadResults += failures.getFailuresCount();
      }
    }
    return true;
  }

  private boolean credit(Credit more) {
    if (credit == null || subscriber == null) {
      return refuse("credit", "the stream was not opened with a first credit");
    }
    credit.add(more);
    subscriber.resume();
    return true;
  }

  private boolean refuse(String field, String message) {
    var status = surroundings.refusals().invalid(List.of(new Violation(field, message)));
    refused = true;
    if (subscriber != null) {
      subscriber.close();
    }
    if (out == null) {
      observer.onError(status);
    } else {
      out.fail(status);
    }
    return false;
  }

  /** The client broke off; what it published goes on. */
  @Override
  public void onError(Throwable failure) {
    if (out != null) {
      out.abandon();
    }
    if (subscriber != null) {
      subscriber.close();
    }
  }

  @Override
  public void onCompleted() {
    if (subscriber != null) {
      subscriber.close();
    }
    if (refused) {
      return;
    }
    if (out == null) {
      observer.onCompleted();
      return;
    }
    boolean done;
    synchronized (lock) {
      halfClosed = true;
      done = inFlight == 0;
    }
    if (done) {
      out.complete();
    }
  }
}
