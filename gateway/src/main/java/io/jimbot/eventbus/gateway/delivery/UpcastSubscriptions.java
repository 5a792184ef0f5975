package io.jimbot.eventbus.gateway.delivery;

/**
 * Gives events in the current version of their types to those who ask for it; what is leased,
 * acknowledged or given up is the event as it is stored. Thread-safe.
 */
public final class UpcastSubscriptions implements Subscriptions {

  private final Subscriptions inner;
  private final CurrentEvents events;

  /** Around the others. */
  public UpcastSubscriptions(Subscriptions inner, CurrentEvents events) {
    this.inner = inner;
    this.events = events;
  }

  @Override
  public Subscription open(SubscriptionRequest request, Subscriber subscriber) {
    return inner.open(
        request, request.currentVersion() ? new Upcasting(subscriber, events) : subscriber);
  }

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    return inner.settle(id, settlement);
  }

  private record Upcasting(Subscriber target, CurrentEvents events) implements Subscriber {
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
      target.deliver(delivery.carrying(events.of(delivery.event())));
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
}
