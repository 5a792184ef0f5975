package io.jimbot.eventbus.gateway.delivery;

/** Where subscriptions begin, for every transport and mode. Thread-safe. */
public interface Subscriptions {

  /**
   * Begins a subscription. Never blocks and never throws: what takes time happens on the delivery's
   * own threads, and a refusal comes to {@link Subscriber#ended}, perhaps before this returns.
   */
  Subscription open(SubscriptionRequest request, Subscriber subscriber);

  /**
   * Settles a delivery of any subscription of this gateway, for transports where acknowledgements
   * come apart from the subscription. Never blocks.
   */
  Settled settle(AckId id, Settlement settlement);
}
