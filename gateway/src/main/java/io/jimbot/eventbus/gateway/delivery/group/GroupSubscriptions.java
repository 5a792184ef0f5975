package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.DeadLetterBox;
import io.jimbot.eventbus.gateway.delivery.GroupPeers;
import io.jimbot.eventbus.gateway.delivery.LeasedSubscription;
import io.jimbot.eventbus.gateway.delivery.LeavingMembers;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.kafka.KafkaLink;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All members of consumer groups at this gateway: each has a thread and a Kafka consumer of its
 * own. Thread-safe; whoever made it closes it.
 */
public final class GroupSubscriptions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupSubscriptions.class);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final GroupSurroundings surroundings;
  private final KafkaLink kafka;
  private final LeavingMembers leaving = new LeavingMembers();
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, Membership> members = new ConcurrentHashMap<>();

  /** One member and what serves it. */
  private record Membership(LeasedSubscription member, GroupReader reader, MemberLeases leases) {}

  /**
   * Does no I/O.
   *
   * @param kafka makes the clients of members
   */
  public GroupSubscriptions(
      GroupSettings settings, KafkaLink kafka, DeadLetterBox deadLetters, MemberMetrics metrics) {
    this.surroundings =
        new GroupSurroundings(settings, deadLetters, metrics, metrics.countDeleted());
    this.kafka = kafka;
    metrics.watch(
        members::size,
        () -> sum(m -> m.leases().outEvents()),
        () -> sum(m -> m.leases().heldBytes()));
    metrics.watchHeldUp(
        () -> sum(m -> m.leases().heldUpKeys()),
        () -> sum(m -> m.leases().heldBackEvents()),
        () -> sum(m -> m.reader().pausedPartitions()));
  }

  private long sum(ToLongFunction<Membership> value) {
    return members.values().stream().mapToLong(value).sum();
  }

  /**
   * As {@code Subscriptions.open} says, for a member of a group.
   *
   * @param log the Kafka topic that is read: the log, or a replay's output
   */
  public Subscription open(
      String log, SubscriptionRequest request, Sharing.Group sharing, Subscriber subscriber) {
    long id = random.nextLong();
    String group = sharing.name();
    MemberMetrics metrics = surroundings.metrics();
    int most = surroundings.settings().maxMembers();
    MemberLeases leases =
        new MemberLeases(id, group, request, sharing.policy(), surroundings.settings(), metrics);
    LeasedSubscription member =
        new LeasedSubscription(id, subscriber, leases, metrics, () -> room(id), () -> leave(id));
    if (members.size() >= most) {
      member.end(
          new SubscriptionFault(
              SubscriptionFault.Kind.EXHAUSTED,
              "too_many_members",
              "",
              "this gateway has as many members of groups as it may have: " + most));
      return member;
    }
    GroupPeers peers = GroupPeers.ofGroup(kafka::newAdmin, group, request, id);
    GroupReader reader =
        new GroupReader(
            group,
            log,
            new GroupBeginning(log, request.start()),
            request.deduplicate(),
            peers,
            () ->
                kafka.newGroupConsumer(
                    peers.clientId(), group, surroundings.settings().bufferSize().toBytes()),
            leases,
            member,
            surroundings);
    members.put(id, new Membership(member, reader, leases));
    reader.start();
    return member;
  }

  private void room(long id) {
    Membership membership = members.get(id);
    if (membership != null) {
      membership.reader().room();
    }
  }

  private void leave(long id) {
    Membership membership = members.remove(id);
    if (membership != null) {
      leaving.add(membership.reader().stop());
    }
  }

  /** Settles a delivery of any member of this gateway. */
  public Settled settle(AckId id, Settlement settlement) {
    Membership membership = members.get(id.subscription());
    return membership == null ? Settled.NOT_HERE : membership.member().settle(id, settlement);
  }

  /** All members leave their groups; waits for that in bounded time. May be called twice. */
  @Override
  public void close() {
    List.copyOf(members.values()).forEach(membership -> membership.member().close());
    try {
      leaving.await(CLOSE_PATIENCE);
    } catch (InterruptedException e) {
      LOG.debug("interrupted while members leave their groups");
      Thread.currentThread().interrupt();
    }
  }
}
