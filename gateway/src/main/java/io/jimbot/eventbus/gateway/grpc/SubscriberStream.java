package io.jimbot.eventbus.gateway.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.grpc.Refusals.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stream with a subscription: opens it, and closes it when the client goes, the gateway stops or
 * the subscription ends. Thread-safe.
 */
final class SubscriberStream implements OpenStreams.Drainable {

  private final OutboundStream out;
  private final OpenStreams streams;
  private final StreamSurroundings surroundings;
  private final Subscription subscription;
  private final AtomicBoolean ended = new AtomicBoolean();

  private SubscriberStream(
      OutboundStream out,
      OpenStreams streams,
      StreamSurroundings surroundings,
      Subscription subscription) {
    this.out = out;
    this.streams = streams;
    this.surroundings = surroundings;
    this.subscription = subscription;
  }

  /**
   * Opens it; a refusal ends the stream with its status, and then null is returned.
   *
   * @param credit the client's; null if none is counted
   */
  static @Nullable SubscriberStream open(
      io.jimbot.events.v1.Subscription asked,
      ServerCallStreamObserver<OutboundMessage> observer,
      OutboundStream.Words words,
      @Nullable CreditAccount credit,
      StreamSurroundings surroundings,
      Subscriptions subscriptions,
      OpenStreams streams) {
    SubscriptionReader reader = new SubscriptionReader();
    SubscriptionRequest request = reader.read(asked);
    List<Violation> violations = new ArrayList<>(reader.violations());
    Gathering gathering = Gathering.read(asked.getBatching(), violations);
    if (request.sharing() instanceof Sharing.Acknowledged shared
        && gathering.maxWait().multipliedBy(2).compareTo(shared.policy().timeout()) > 0) {
      violations.add(
          new Violation(
              "subscription.batching.max_wait",
              "must be at most half of acknowledgement.timeout, which counts meanwhile"));
    }
    if (!violations.isEmpty()) {
      observer.onError(surroundings.refusals().invalid(violations));
      return null;
    }
    if (streams.isDraining()) {
      observer.onError(surroundings.refusals().unavailable("stopping", "this gateway stops"));
      return null;
    }
    OutboundStream out = new OutboundStream(observer, words, gathering, credit, surroundings);
    Subscription subscription = subscriptions.open(request, out);
    SubscriberStream stream = new SubscriberStream(out, streams, surroundings, subscription);
    out.belongsTo(subscription);
    streams.add(stream);
    return stream;
  }

  OutboundStream out() {
    return out;
  }

  Settled settle(AckId id, Settlement settlement) {
    return subscription.settle(id, settlement);
  }

  /** The transport is ready for more, or credit came. */
  void resume() {
    subscription.resume();
  }

  @Override
  public void drain(Instant deadline) {
    subscription.drain();
    out.drain(deadline);
  }

  @Override
  public void end() {
    close();
    out.fail(surroundings.refusals().unavailable("stopping", "this gateway stops"));
  }

  /** The client has gone, or everything is said. */
  void close() {
    if (ended.compareAndSet(false, true)) {
      streams.remove(this);
      subscription.close();
    }
  }
}
