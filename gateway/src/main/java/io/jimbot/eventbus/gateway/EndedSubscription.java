package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import org.jspecify.annotations.Nullable;

/** A subscription that was refused. Immutable. */
final class EndedSubscription implements Subscription {

  private EndedSubscription() {}

  /** Tells the subscriber why. */
  static Subscription of(Subscriber subscriber, SubscriptionFault why) {
    subscriber.ended(why);
    return new EndedSubscription();
  }

  @Override
  public void resume() {
    // Nothing comes.
  }

  @Override
  public @Nullable ResumeToken position() {
    return null;
  }

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    return Settled.NOT_HERE;
  }

  @Override
  public void drain() {
    // Nothing comes.
  }

  @Override
  public void close() {
    // It is over.
  }
}
