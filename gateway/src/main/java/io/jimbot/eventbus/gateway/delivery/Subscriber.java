package io.jimbot.eventbus.gateway.delivery;

/**
 * The transport's end of a subscription. Called by delivery's threads, one call at a time; no
 * method may block, throw, or wait for a lock that is held while a {@link Subscription} is called,
 * other than for its {@link Subscription#position}.
 */
public interface Subscriber {

  /**
   * Whether a delivery would leave now. When it has said no and then becomes ready, the transport
   * calls {@link Subscription#resume}. A delivery that comes all the same must be kept.
   */
  boolean ready();

  /** How many deliveries would leave now, as far as that is known; none if it is not ready. */
  default int room() {
    return ready() ? Integer.MAX_VALUE : 0;
  }

  /** The subscription has begun: what is stored from now on will be delivered. */
  void started();

  /** An event. */
  void deliver(Delivery delivery);

  /** The deliveries so far may leave; nothing more is at hand for the moment. */
  void flush();

  /** It is over, or never began. Nothing is called after it. */
  void ended(SubscriptionFault fault);
}
