package io.jimbot.eventbus.gateway.delivery;

import io.jimbot.eventbus.service.record.EventFilter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * The other members of a group or queue, at any gateway. All have to ask for the same events, since
 * what one's filter leaves out counts as settled for all; each says what it asks for in its Kafka
 * client id. Thread-safe.
 */
public final class GroupPeers {

  private static final String PREFIX = "eventbus-member-";
  private static final Duration CONTEST = Duration.ofSeconds(5);
  private static final long CONTEST_PAUSE_MILLIS = 200;

  private final Function<String, Admin> admins;
  private final boolean queue;
  private final String group;
  private final String wanted;
  private final String clientId;

  private GroupPeers(
      Function<String, Admin> admins, boolean queue, String group, String asked, long id) {
    this.admins = admins;
    this.queue = queue;
    this.group = group;
    this.wanted = PREFIX + asked + "-";
    this.clientId = this.wanted + Long.toHexString(id);
  }

  /** Those of a consumer group's member, of the log or of a replay. */
  public static GroupPeers ofGroup(
      Function<String, Admin> admins, String group, SubscriptionRequest request, long id) {
    String replay = request.replayId() == null ? "" : "replay." + request.replayId() + ".";
    return new GroupPeers(admins, false, group, replay + request.filter().fingerprint(), id);
  }

  /** Those of a queue's worker. */
  public static GroupPeers ofQueue(
      Function<String, Admin> admins, String queue, EventFilter filter, long id) {
    return new GroupPeers(admins, true, queue, filter.fingerprint(), id);
  }

  /** What the member calls itself at the broker. */
  public String clientId() {
    return clientId;
  }

  /**
   * Asks Kafka whether a member is there that wants other events; blocks for as long as the admin
   * client's requests take.
   *
   * @return why the member cannot join; null if it can
   * @throws KafkaException if Kafka does not say
   */
  public @Nullable SubscriptionFault objection() throws InterruptedException {
    return rivals().isEmpty()
        ? null
        : new SubscriptionFault(
            SubscriptionFault.Kind.CONFLICT,
            "filter_differs",
            "filter",
            "'" + group + "' has members that ask for other topics or have another filter");
  }

  /**
   * Asks once more, when the member has joined and before it settles anything: of two that join at
   * the same moment neither saw the other before, but whoever joined last does so now. Those with
   * the least fingerprint stay, and wait a little for the others to go. Blocks for some seconds.
   *
   * @return why the member has to go; null if it can stay
   * @throws KafkaException if Kafka does not say
   */
  public @Nullable SubscriptionFault contest() throws InterruptedException {
    long deadline = System.nanoTime() + CONTEST.toNanos();
    List<String> rivals = rivals();
    while (!rivals.isEmpty()
        && rivals.stream().allMatch(rival -> clientId.compareTo(rival) < 0)
        && System.nanoTime() - deadline < 0) {
      Thread.sleep(CONTEST_PAUSE_MILLIS);
      rivals = rivals();
    }
    return rivals.isEmpty()
        ? null
        : new SubscriptionFault(
            SubscriptionFault.Kind.UNAVAILABLE,
            "group_contested",
            "filter",
            "others that joined '"
                + group
                + "' at the same moment ask for other topics or have another filter");
  }

  private List<String> rivals() throws InterruptedException {
    try (Admin admin = admins.apply(clientId)) {
      return members(admin)
          .filter(peer -> peer.startsWith(PREFIX) && !peer.startsWith(wanted))
          .toList();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return List.of();
      }
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
  }

  private Stream<String> members(Admin admin) throws ExecutionException, InterruptedException {
    List<String> one = List.of(group);
    if (queue) {
      return admin.describeShareGroups(one).all().get().values().stream()
          .flatMap(found -> found.members().stream())
          .map(ShareMemberDescription::clientId);
    }
    return admin.describeConsumerGroups(one).all().get().values().stream()
        .flatMap(found -> found.members().stream())
        .map(MemberDescription::clientId);
  }
}
