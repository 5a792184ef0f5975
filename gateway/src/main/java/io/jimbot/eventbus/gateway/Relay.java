package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.delivery.group.GroupSubscriptions;
import io.jimbot.eventbus.gateway.delivery.queue.QueueSubscriptions;
import io.jimbot.eventbus.gateway.delivery.tail.TailSubscriptions;

/** Sends each subscription to the mode that serves it. Thread-safe. */
final class Relay implements Subscriptions {

  private final TailSubscriptions tails;
  private final GroupSubscriptions groups;
  private final QueueSubscriptions queues;
  private final ReplayRelay replays;
  private final String log;

  Relay(
      TailSubscriptions tails,
      GroupSubscriptions groups,
      QueueSubscriptions queues,
      ReplayRelay replays,
      String log) {
    this.tails = tails;
    this.groups = groups;
    this.queues = queues;
    this.replays = replays;
    this.log = log;
  }

  @Override
  public Subscription open(SubscriptionRequest request, Subscriber subscriber) {
    String replayId = request.replayId();
    if (replayId != null) {
      return replays.open(replayId, request, subscriber);
    }
    if (request.sharing() instanceof Sharing.Tail) {
      return tails.open(request, subscriber);
    }
    if (request.sharing() instanceof Sharing.Group group) {
      return groups.open(log, request, group, subscriber);
    }
    return queues.open(request, (Sharing.Queue) request.sharing(), subscriber);
  }

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    Settled ofGroup = groups.settle(id, settlement);
    return ofGroup == Settled.NOT_HERE ? queues.settle(id, settlement) : ofGroup;
  }
}
