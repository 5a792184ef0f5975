package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.delivery.DeadLetterBox;
import io.jimbot.eventbus.gateway.delivery.GroupPeers;
import io.jimbot.eventbus.gateway.delivery.LeasedSubscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.DeadLetterStage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
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
  private final GroupSettings settings;
  private final int lookBack;
  private final GroupPeers peers;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final MemberLeases leases;
  private final LeasedSubscription member;
  private final DeadLetterBox deadLetters;
  private final MemberMetrics metrics;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Set<TopicPartition> paused = new HashSet<>();

  /** What was committed last, so that only what has changed is committed. */
  private final Map<Integer, MemberLeases.Place> committed = new HashMap<>();

  private long committedNanos;
  private boolean failing;

  /** Written by the thread, read by others only to wake it up. */
  private volatile @Nullable Consumer<byte[], byte[]> current;

  /** Written by the thread: it waits for room. */
  private volatile boolean waitsForRoom;

  GroupReader(
      String group,
      String log,
      GroupBeginning beginning,
      boolean deduplicate,
      GroupSettings settings,
      GroupPeers peers,
      Supplier<Consumer<byte[], byte[]>> consumers,
      MemberLeases leases,
      LeasedSubscription member,
      DeadLetterBox deadLetters,
      MemberMetrics metrics) {
    this.group = group;
    this.log = log;
    this.beginning = beginning;
    this.settings = settings;
    this.lookBack = deduplicate ? settings.repeatKeys() : 0;
    this.peers = peers;
    this.consumers = consumers;
    this.leases = leases;
    this.member = member;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.thread = new Thread(this, "group-" + group);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Something was settled. */
  void room() {
    if (waitsForRoom) {
      wakeUp();
    }
  }

  /** Leaves the group soon; does not wait. May be called again. */
  void stop() {
    stop.countDown();
    wakeUp();
  }

  void join(long millis) throws InterruptedException {
    thread.join(Math.max(1, millis));
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
      consumer.subscribe(List.of(log), new Rebalances(consumer));
      while (stop.getCount() > 0) {
        turn(consumer);
      }
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
    } finally {
      current = null;
      if (consumer != null) {
        leave(consumer);
      }
    }
  }

  private void failed(KafkaException e) {
    if (!failing && stop.getCount() > 0) {
      failing = true;
      metrics.outage();
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

  private void turn(Consumer<byte[], byte[]> consumer) {
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        leases.feed(new StoredEvent(record));
      }
      if (consumer.groupMetadata().generationId() > 0) {
        member.begin();
        failing = false;
      }
    } catch (WakeupException e) {
      LOG.trace("group member woken up group={}", group);
    } catch (OffsetOutOfRangeException e) {
      goOnWhereThereIsSomething(consumer, e);
    }
    metrics.timeouts(leases.tick());
    member.pass();
    leases.toPark().forEach(this::park);
    makeRoom(consumer);
    commitWhatIsDue(consumer);
  }

  /** Retention has deleted what was still to come: nothing can bring it back. */
  private void goOnWhereThereIsSomething(
      Consumer<byte[], byte[]> consumer, OffsetOutOfRangeException lost) {
    LOG.error("events deleted before the group got them group={} {}", group, lost.getMessage());
    consumer.seekToBeginning(lost.partitions());
  }

  private void park(Lease lease) {
    Failure failure =
        new Failure(
            DeadLetterStage.DEAD_LETTER_STAGE_DELIVER,
            lease.parkReason,
            lease.message,
            lease.failures,
            Instant.ofEpochMilli(lease.firstFailedMillis),
            Instant.now());
    deadLetters.put(lease.event, group, failure, this::parked);
  }

  private void parked(StoredEvent event) {
    leases.parked(event);
    room();
    member.pass();
  }

  private void makeRoom(Consumer<byte[], byte[]> consumer) {
    for (TopicPartition partition : consumer.assignment()) {
      boolean room = leases.hasRoom(partition.partition());
      if (room && paused.remove(partition)) {
        consumer.resume(List.of(partition));
      } else if (!room && paused.add(partition)) {
        consumer.pause(List.of(partition));
      }
    }
    paused.retainAll(consumer.assignment());
    waitsForRoom = !paused.isEmpty();
  }

  private void commitWhatIsDue(Consumer<byte[], byte[]> consumer) {
    long now = System.nanoTime();
    if (now - committedNanos < settings.commitInterval().toNanos()) {
      return;
    }
    committedNanos = now;
    Map<TopicPartition, OffsetAndMetadata> changed = changes(null);
    if (!changed.isEmpty()) {
      consumer.commitAsync(
          changed,
          (offsets, failure) -> {
            if (failure != null) {
              committed.clear();
              metrics.commitFailed();
              LOG.debug("places not committed group={} error={}", group, failure.toString());
            }
          });
    }
  }

  /** What is to be committed, of some partitions or of all. */
  private Map<TopicPartition, OffsetAndMetadata> changes(
      @Nullable Collection<TopicPartition> only) {
    Map<TopicPartition, OffsetAndMetadata> changed = new HashMap<>();
    leases
        .places()
        .forEach(
            (number, place) -> {
              TopicPartition partition = new TopicPartition(log, number);
              boolean wanted = only == null || only.contains(partition);
              if (wanted && !place.equals(committed.get(number))) {
                committed.put(number, place);
                changed.put(partition, new OffsetAndMetadata(place.offset(), place.note()));
              }
            });
    return changed;
  }

  /** Gains and losses of partitions; called within poll and close, on the reader's thread. */
  private final class Rebalances implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;

    Rebalances(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> gained) {
      if (gained.isEmpty()) {
        return;
      }
      metrics.rebalanced();
      despiteWakeUps(() -> begin(gained));
    }

    private void begin(Collection<TopicPartition> gained) {
      Map<TopicPartition, Long> oldest =
          lookBack == 0 ? Map.of() : consumer.beginningOffsets(gained, PATIENCE);
      beginning
          .places(consumer, gained)
          .forEach((partition, place) -> begin(partition, place, oldest.get(partition)));
    }

    private void begin(TopicPartition partition, OffsetAndMetadata place, @Nullable Long oldest) {
      CommitNote note = CommitNote.read(place.metadata(), place.offset());
      leases.assign(partition.partition(), place.offset(), note);
      committed.remove(partition.partition());
      // What lies shortly before the place is only remembered, to recognise its repetitions.
      long from = oldest == null ? place.offset() : Math.max(oldest, place.offset() - lookBack);
      consumer.seek(partition, Math.min(from, place.offset()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> lost) {
      metrics.rebalanced();
      try {
        Map<TopicPartition, OffsetAndMetadata> changed = changes(lost);
        if (!changed.isEmpty()) {
          despiteWakeUps(() -> consumer.commitSync(changed, PATIENCE));
        }
      } catch (KafkaException e) {
        metrics.commitFailed();
        LOG.warn("places not committed at a rebalance group={} error={}", group, e.toString());
      } finally {
        forget(lost);
      }
    }

    /** A wake-up is for poll; one that comes here must not cost the work, and is not needed. */
    private void despiteWakeUps(Runnable work) {
      boolean done = false;
      while (!done) {
        try {
          work.run();
          done = true;
        } catch (WakeupException e) {
          LOG.trace("group member woken up within a rebalance group={}", group);
        }
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      metrics.rebalanced();
      forget(lost);
    }

    private void forget(Collection<TopicPartition> lost) {
      for (TopicPartition partition : lost) {
        leases.revoke(partition.partition());
        committed.remove(partition.partition());
        paused.remove(partition);
      }
    }
  }
}
