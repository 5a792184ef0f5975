package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.delivery.DeadLetterBox;
import io.jimbot.eventbus.gateway.delivery.GroupPeers;
import io.jimbot.eventbus.gateway.delivery.LeasedSubscription;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.events.v1.DeadLetterStage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
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
 * The daemon thread of one worker of a queue, and owner of its share consumer. Takes a batch when
 * the worker can do with one, tells Kafka of each event what became of it, and keeps Kafka's locks
 * alive meanwhile: how long a delivery may take is the subscriber's policy, not the broker's.
 *
 * <p>A share consumer gives no new events while it holds locks that were renewed, so that a batch
 * must be settled before the next: it is kept small.
 */
final class QueueReader implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(QueueReader.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final long PAUSE_MILLIS = 300;

  /** Locks are renewed at this part of their time. */
  private static final int RENEWALS = 3;

  private static final int USUAL_LOCK_MILLIS = 15_000;

  private final String group;
  private final String log;
  private final Start start;
  private final GroupPeers peers;
  private final QueueBeginning beginning;
  private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
  private final @Nullable LogRepeats repeats;
  private final AcquiredEvents events;
  private final LeasedSubscription member;
  private final DeadLetterBox deadLetters;
  private final MemberMetrics metrics;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Semaphore changes = new Semaphore(0);

  private boolean begun;
  private boolean failing;
  private long heldSinceNanos;

  /** Written by the thread, read by others only to wake it up. */
  private volatile @Nullable ShareConsumer<byte[], byte[]> current;

  QueueReader(
      String group,
      String log,
      Start start,
      GroupPeers peers,
      QueueBeginning beginning,
      Supplier<ShareConsumer<byte[], byte[]>> consumers,
      @Nullable LogRepeats repeats,
      AcquiredEvents events,
      LeasedSubscription member,
      DeadLetterBox deadLetters,
      MemberMetrics metrics) {
    this.group = group;
    this.log = log;
    this.start = start;
    this.peers = peers;
    this.beginning = beginning;
    this.consumers = consumers;
    this.repeats = repeats;
    this.events = events;
    this.member = member;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.thread = new Thread(this, "queue-" + group);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Something was settled. */
  void changed() {
    changes.release();
  }

  /** Leaves the queue soon; does not wait. May be called again. */
  void stop() {
    stop.countDown();
    changed();
    ShareConsumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  void join(long millis) throws InterruptedException {
    thread.join(Math.max(1, millis));
  }

  @Override
  public void run() {
    try {
      while (stop.getCount() > 0) {
        attempt();
        boolean unused = stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.debug("queue worker interrupted group={}", group);
    }
  }

  private void attempt() throws InterruptedException {
    ShareConsumer<byte[], byte[]> consumer = null;
    try {
      SubscriptionFault objection = peers.objection();
      if (objection != null) {
        member.end(objection);
        return;
      }
      if (!begun) {
        beginning.begin(group, start);
        begun = true;
      }
      consumer = consumers.get();
      current = consumer;
      consumer.subscribe(List.of(log));
      member.begin();
      while (stop.getCount() > 0) {
        turn(consumer);
      }
      tellKafka(consumer);
    } catch (AuthorizationException
        | GroupIdNotFoundException
        | InconsistentGroupProtocolException
        | UnsupportedVersionException e) {
      member.end(
          new SubscriptionFault(
              SubscriptionFault.Kind.CONFLICT,
              "group_not_usable",
              "group",
              "the queue '" + group + "' cannot be used: " + e.getMessage()));
    } catch (KafkaException e) {
      failed(e);
    } finally {
      current = null;
      if (consumer != null) {
        leave(consumer);
      }
      events.toRenew();
      events.forgetLost();
    }
  }

  private void failed(KafkaException e) {
    if (!failing && stop.getCount() > 0) {
      failing = true;
      metrics.outage();
      LOG.warn("queue worker interrupted, joins again group={} error={}", group, e.toString());
    }
  }

  private void leave(ShareConsumer<byte[], byte[]> consumer) {
    try {
      consumer.close(PATIENCE);
    } catch (KafkaException e) {
      LOG.debug("queue worker did not leave cleanly group={} error={}", group, e.toString());
    }
  }

  private void turn(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
    if (events.isEmpty() && member.wants()) {
      take(consumer);
    } else {
      waitForChanges();
    }
    metrics.timeouts(events.tick(member.isDrained()));
    member.pass();
    events.toPark().forEach(this::park);
    tellKafka(consumer);
    int lockMillis = consumer.acquisitionLockTimeoutMs().orElse(USUAL_LOCK_MILLIS);
    long renewNanos = TimeUnit.MILLISECONDS.toNanos(lockMillis / RENEWALS);
    if (!events.isEmpty() && System.nanoTime() - heldSinceNanos > renewNanos) {
      renew(consumer);
    }
  }

  private void take(ShareConsumer<byte[], byte[]> consumer) {
    try {
      ConsumerRecords<byte[], byte[]> taken = consumer.poll(POLL);
      Set<ConsumerRecord<byte[], byte[]>> repeated =
          repeats == null || taken.isEmpty() ? Set.of() : repeats.among(taken);
      for (ConsumerRecord<byte[], byte[]> record : taken) {
        events.add(record, repeated.contains(record));
      }
      heldSinceNanos = System.nanoTime();
      failing = false;
    } catch (WakeupException e) {
      LOG.trace("queue worker woken up group={}", group);
    }
  }

  private void waitForChanges() throws InterruptedException {
    boolean unused = changes.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
    changes.drainPermits();
  }

  private void park(Acquired acquired) {
    Instant failed = Instant.ofEpochMilli(acquired.failedMillis);
    Failure failure =
        new Failure(
            DeadLetterStage.DEAD_LETTER_STAGE_DELIVER,
            acquired.parkReason,
            acquired.message,
            acquired.attempt,
            failed,
            failed);
    deadLetters.put(
        acquired.event,
        group,
        failure,
        stored -> {
          events.parked(acquired);
          changed();
        });
  }

  private void tellKafka(ShareConsumer<byte[], byte[]> consumer) {
    List<Acquired> decided = events.decided();
    if (!decided.isEmpty()) {
      decided.forEach(acquired -> consumer.acknowledge(acquired.record, acquired.decision));
      consumer.commitAsync();
    }
  }

  /** Asks for all locks again; the next poll gives what was renewed, and nothing else. */
  private void renew(ShareConsumer<byte[], byte[]> consumer) {
    events
        .toRenew()
        .forEach(acquired -> consumer.acknowledge(acquired.record, AcknowledgeType.RENEW));
    consumer
        .commitSync(PATIENCE)
        .forEach(
            (partition, failure) ->
                failure.ifPresent(
                    e -> {
                      metrics.commitFailed();
                      LOG.warn("locks not renewed group={} error={}", group, e.toString());
                    }));
    take(consumer);
    events.forgetLost();
  }
}
