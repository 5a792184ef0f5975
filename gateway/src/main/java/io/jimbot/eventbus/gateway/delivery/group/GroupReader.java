package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.delivery.GroupPeers;
import io.jimbot.eventbus.gateway.delivery.GuardedSubscriptions;
import io.jimbot.eventbus.gateway.delivery.LeasedSubscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.DeadLetterStage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread of one group member, and owner of its consumer: takes part in the group, reads
 * what the member may have, and commits what is settled. When the consumer fails, a new one joins
 * again.
 */
final class GroupReader implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupReader.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final long PAUSE_MILLIS = 300;

  private final String group;
  private final String log;
  private final GroupBeginning beginning;
  private final int lookBack;
  private final GroupPeers peers;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final MemberLeases leases;
  private final LeasedSubscription member;
  private final GroupSurroundings surroundings;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);

  /** What became of dead letters, told by the producer's thread. */
  private final Queue<Runnable> outcomes = new ConcurrentLinkedQueue<>();

  private boolean failing;

  /** Written by the thread, read by others only to wake it up. */
  private volatile @Nullable Consumer<byte[], byte[]> current;

  /** Written by the thread: how many partitions wait for room, or for their place. */
  private volatile int pausedPartitions;

  /**
   * Does no I/O.
   *
   * @param log the Kafka topic that is read
   * @param deduplicate whether repeats are to be recognised, for which it reads back a little
   */
  GroupReader(
      String group,
      String log,
      GroupBeginning beginning,
      boolean deduplicate,
      GroupPeers peers,
      Supplier<Consumer<byte[], byte[]>> consumers,
      MemberLeases leases,
      LeasedSubscription member,
      GroupSurroundings surroundings) {
    this.group = group;
    this.log = log;
    this.beginning = beginning;
    this.lookBack = deduplicate ? surroundings.settings().repeatKeys() : 0;
    this.peers = peers;
    this.consumers = consumers;
    this.leases = leases;
    this.member = member;
    this.surroundings = surroundings;
    this.thread = new Thread(this, "group-" + group);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Something was settled. */
  void room() {
    if (pausedPartitions > 0) {
      wakeUp();
    }
  }

  /** How many partitions are not read, since there is no room or their place is not known. */
  int pausedPartitions() {
    return pausedPartitions;
  }

  /**
   * Leaves the group soon; does not wait. May be called again.
   *
   * @return the thread, which ends with that
   */
  Thread stop() {
    stop.countDown();
    wakeUp();
    return thread;
  }

  private void wakeUp() {
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  @Override
  public void run() {
    try {
      while (stop.getCount() > 0) {
        attempt();
        boolean unused = stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.debug("group member interrupted group={}", group);
    }
  }

  private void attempt() throws InterruptedException {
    Consumer<byte[], byte[]> consumer = null;
    try {
      SubscriptionFault objection = peers.objection();
      if (objection != null) {
        member.end(objection);
        return;
      }
      consumer = consumers.get();
      current = consumer;
      takePart(consumer);
    } catch (AuthorizationException
        | GroupIdNotFoundException
        | InconsistentGroupProtocolException
        | UnsupportedVersionException e) {
      member.end(
          new SubscriptionFault(
              SubscriptionFault.Kind.CONFLICT,
              "group_not_usable",
              "group",
              "the group '" + group + "' cannot be used: " + e.getMessage()));
    } catch (KafkaException e) {
      failed(e);
    } catch (RuntimeException bug) {
      member.end(GuardedSubscriptions.bug("a group member threw", bug));
    } finally {
      current = null;
      pausedPartitions = 0;
      if (consumer != null) {
        leave(consumer);
      }
      leases.revokeAll();
    }
  }

  private void failed(KafkaException e) {
    if (!failing && stop.getCount() > 0) {
      failing = true;
      surroundings.metrics().outage();
      LOG.warn("group member interrupted, joins again group={} error={}", group, e.toString());
    }
  }

  private void leave(Consumer<byte[], byte[]> consumer) {
    try {
      consumer.close(CloseOptions.timeout(PATIENCE));
    } catch (KafkaException e) {
      LOG.debug("group member did not leave cleanly group={} error={}", group, e.toString());
    }
  }

  private void takePart(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    GroupCommits commits =
        new GroupCommits(
            group, log, leases, surroundings.settings().commitInterval(), surroundings.metrics());
    GroupPartitions partitions =
        new GroupPartitions(
            group, consumer, beginning, leases, commits, lookBack, surroundings.metrics());
    consumer.subscribe(List.of(log), partitions);
    while (stop.getCount() > 0) {
      read(consumer, partitions);
      deliver();
      pausedPartitions = partitions.makeRoom();
      commits.whenDue(consumer);
    }
  }

  private void read(Consumer<byte[], byte[]> consumer, GroupPartitions partitions)
      throws InterruptedException {
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        leases.feed(new StoredEvent(record));
      }
      agree(partitions);
      partitions.place();
      if (partitions.haveBegun()) {
        member.begin();
        failing = false;
      }
    } catch (WakeupException e) {
      LOG.trace("group member woken up group={}", group);
    } catch (OffsetOutOfRangeException e) {
      long deleted = partitions.skipDeleted(e.partitions());
      surroundings.deleted().accept(deleted);
      LOG.error(
          "events deleted before the group got them group={} offsets={} {}",
          group,
          deleted,
          e.getMessage());
    }
  }

  private void agree(GroupPartitions partitions) throws InterruptedException {
    if (partitions.isToAgree()) {
      SubscriptionFault objection = peers.contest();
      if (objection == null) {
        partitions.agree();
      } else {
        member.end(objection);
      }
    }
  }

  private void deliver() {
    for (Runnable next = outcomes.poll(); next != null; next = outcomes.poll()) {
      next.run();
    }
    surroundings.metrics().timeouts(leases.tick());
    member.pass();
    leases.toPark().forEach(this::park);
  }

  private void park(Lease lease) {
    Failure failure =
        new Failure(
            DeadLetterStage.DEAD_LETTER_STAGE_DELIVER,
            lease.parkReason,
            lease.message,
            lease.failures,
            Instant.ofEpochMilli(lease.firstFailedMillis),
            Instant.ofEpochMilli(lease.lastFailedMillis));
    surroundings
        .deadLetters()
        .put(
            lease.event,
            group,
            failure,
            () -> tell(() -> leases.parked(lease.event)),
            () -> tell(() -> leases.notParked(lease.event)));
  }

  private void tell(Runnable outcome) {
    outcomes.add(outcome);
    wakeUp();
  }
}
