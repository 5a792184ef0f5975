package io.jimbot.eventbus.gateway.delivery.trace;

import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.telemetry.TraceSpan;
import io.jimbot.eventbus.gateway.telemetry.Tracing;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of each delivery whose trace is recorded, from the hand-over to its settlement, and
 * gives the subscriber that span's context. Thread-safe.
 */
public final class TracedSubscriptions implements Subscriptions {

  private static final int MAX_OPEN = 10_000;

  private final Subscriptions inner;
  private final Tracing tracing;
  private final OpenDeliveries open = new OpenDeliveries(MAX_OPEN);

  private TracedSubscriptions(Subscriptions inner, Tracing tracing) {
    this.inner = inner;
    this.tracing = tracing;
  }

  /** With spans if tracing is on, else as they are. */
  public static Subscriptions around(Subscriptions inner, Tracing tracing) {
    return tracing.isOn() ? new TracedSubscriptions(inner, tracing) : inner;
  }

  @Override
  public Subscription open(SubscriptionRequest request, Subscriber subscriber) {
    return new TracedSubscription(inner.open(request, new TracedSubscriber(subscriber)));
  }

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    return settled(id, settlement, inner.settle(id, settlement));
  }

  private Settled settled(AckId id, Settlement settlement, Settled result) {
    boolean goesOn = settlement instanceof Settlement.Extend;
    TraceSpan delivery = goesOn ? open.get(id) : open.remove(id);
    if (delivery != null) {
      tracing
          .settle(delivery.traceparent())
          .with("eventbus.settlement", settlement.getClass().getSimpleName())
          .with("eventbus.result", result.name())
          .end();
      if (!goesOn) {
        delivery.end();
      }
    }
    return result;
  }

  /** Starts the span of each delivery. */
  private final class TracedSubscriber implements Subscriber {
    private final Subscriber target;

    TracedSubscriber(Subscriber target) {
      this.target = target;
    }

    @Override
    public boolean ready() {
      return target.ready();
    }

    @Override
    public int room() {
      return target.room();
    }

    @Override
    public void started() {
      target.started();
    }

    @Override
    public void deliver(Delivery delivery) {
      TraceSpan span =
          tracing
              .deliver(delivery.event().traceparent())
              .with("messaging.destination.name", delivery.event().log())
              .with("messaging.destination.partition.id", delivery.event().partition())
              .with("messaging.kafka.offset", delivery.event().offset())
              .with("eventbus.attempt", delivery.attempt());
      AckId id = delivery.ackId();
      if (id != null && span.isRecorded()) {
        open.put(id, span);
      }
      target.deliver(delivery.tracedAs(span.traceparent()));
      if (id == null) {
        span.end();
      }
    }

    @Override
    public void flush() {
      target.flush();
    }

    @Override
    public void ended(SubscriptionFault fault) {
      target.ended(fault);
    }
  }

  /** Ends the span of each delivery. */
  private final class TracedSubscription implements Subscription {
    private final Subscription target;

    TracedSubscription(Subscription target) {
      this.target = target;
    }

    @Override
    public void resume() {
      target.resume();
    }

    @Override
    public @Nullable ResumeToken position() {
      return target.position();
    }

    @Override
    public Settled settle(AckId id, Settlement settlement) {
      return settled(id, settlement, target.settle(id, settlement));
    }

    @Override
    public void drain() {
      target.drain();
    }

    @Override
    public void close() {
      target.close();
    }
  }
}
