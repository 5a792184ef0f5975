package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.delivery.group.GroupSubscriptions;
import io.jimbot.eventbus.gateway.delivery.tail.TailSubscriptions;
import org.jspecify.annotations.Nullable;

/** Sends each subscription to the mode that serves it. Thread-safe. */
final class Relay implements Subscriptions {

  private final TailSubscriptions tails;
  private final GroupSubscriptions groups;

  Relay(TailSubscriptions tails, GroupSubscriptions groups) {
    this.tails = tails;
    this.groups = groups;
  }

  @Override
  public Subscription open(SubscriptionRequest request, Subscriber subscriber) {
    if (request.sharing() instanceof Sharing.Tail) {
      return tails.open(request, subscriber);
    }
    if (request.sharing() instanceof Sharing.Group group) {
      return groups.open(request, group, subscriber);
    }
    subscriber.ended(
        new SubscriptionFault(
            SubscriptionFault.Kind.INVALID,
            "mode_not_served",
            "mode",
            "queues are not served by this release yet"));
    return NONE;
  }

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    return groups.settle(id, settlement);
  }

  /** Of a request that was refused. */
  private static final Subscription NONE =
      new Subscription() {
        @Override
        public void resume() {}

        @Override
        public @Nullable ResumeToken position() {
          return null;
        }

        @Override
        public Settled settle(AckId id, Settlement settlement) {
          return Settled.NOT_HERE;
        }

        @Override
        public void drain() {}

        @Override
        public void close() {}
      };
}
