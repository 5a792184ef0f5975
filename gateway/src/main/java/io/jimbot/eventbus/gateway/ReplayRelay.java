package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.delivery.group.GroupSubscriptions;
import io.jimbot.eventbus.gateway.replay.Replays;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.replay.Replay;
import org.jspecify.annotations.Nullable;

/** Subscriptions of the output of replays; refused while there is none. Thread-safe. */
final class ReplayRelay {

  private static final String FIELD = "replay_id";

  private final Replays replays;
  private final KafkaTopics topics;
  private final ReplayTails tails;
  private final GroupSubscriptions groups;

  ReplayRelay(Replays replays, KafkaTopics topics, ReplayTails tails, GroupSubscriptions groups) {
    this.replays = replays;
    this.topics = topics;
    this.tails = tails;
    this.groups = groups;
  }

  /** As {@code Subscriptions.open} says. */
  Subscription open(String replayId, SubscriptionRequest request, Subscriber subscriber) {
    SubscriptionFault refusal = refusal(replayId, request);
    if (refusal != null) {
      return EndedSubscription.of(subscriber, refusal);
    }
    String topic = topics.replay(replayId);
    return request.sharing() instanceof Sharing.Group group
        ? groups.open(topic, request, group, subscriber)
        : tails.open(topic, request, subscriber);
  }

  private @Nullable SubscriptionFault refusal(String id, SubscriptionRequest request) {
    if (request.sharing() instanceof Sharing.Queue) {
      return fault(
          SubscriptionFault.Kind.INVALID,
          "mode_not_served",
          "a replay can be read by tails and groups, not by queues");
    }
    Replay replay = replays.find(id);
    if (replay == null) {
      return replays.isReady()
          ? fault(
              SubscriptionFault.Kind.INVALID, "unknown_replay", "there is no replay '" + id + "'")
          : fault(
              SubscriptionFault.Kind.UNAVAILABLE,
              "replays_unavailable",
              "what there is of replays is not known yet");
    }
    if (!replay.request().hasOwnTopic()) {
      return fault(
          SubscriptionFault.Kind.INVALID,
          "replay_without_topic",
          "the replay goes to the group '" + replay.request().getGroup() + "' by way of the log");
    }
    if (replay.progress().getOutputDeleted()) {
      return fault(
          SubscriptionFault.Kind.OUT_OF_RANGE,
          "replay_expired",
          "the replay's events were deleted, since their time is over");
    }
    return replay.progress().getSourcesCount() == 0
        ? fault(
            SubscriptionFault.Kind.UNAVAILABLE,
            "replay_not_begun",
            "no processor has begun with the replay yet")
        : null;
  }

  private static SubscriptionFault fault(
      SubscriptionFault.Kind kind, String reason, String message) {
    return new SubscriptionFault(kind, reason, FIELD, message);
  }
}
