package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.delivery.GroupPeers;
import io.jimbot.eventbus.gateway.delivery.GuardedSubscriptions;
import io.jimbot.eventbus.gateway.delivery.LeasedSubscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.events.v1.DeadLetterStage;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread of one worker of a queue, and owner of its members of the share group. Takes
 * what the worker can do with, tells Kafka of each event what became of it, and keeps Kafka's locks
 * alive meanwhile: how long a delivery may take is the subscriber's policy, not the broker's.
 */
final class QueueReader implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(QueueReader.class);
  private static final long WAIT_MILLIS = 100;
  private static final long PAUSE_MILLIS = 300;

  /** For so long the others are known to ask for the same events. */
  private static final long AGREED_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final String group;
  private final GroupPeers peers;
  private final QueueBeginning beginning;
  private final Repeats repeats;
  private final RepeatJudge judge;
  private final AcquiredEvents events;
  private final LeasedSubscription member;
  private final QueueSurroundings surroundings;
  private final ShareMembers members;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Semaphore changes = new Semaphore(0);

  private boolean begun;
  private boolean failing;
  private long agreedNanos = System.nanoTime() - AGREED_NANOS;

  /**
   * Does no I/O.
   *
   * @param consumers makes a share consumer that takes so many events at a time
   * @param repeats recognises repeats; closed with the thread
   */
  QueueReader(
      String group,
      GroupPeers peers,
      QueueBeginning beginning,
      IntFunction<ShareConsumer<byte[], byte[]>> consumers,
      Repeats repeats,
      AcquiredEvents events,
      LeasedSubscription member,
      QueueSurroundings surroundings) {
    this.group = group;
    this.peers = peers;
    this.beginning = beginning;
    this.repeats = repeats;
    this.judge = new RepeatJudge(group, repeats, events, surroundings.repeatsUnknown());
    this.events = events;
    this.member = member;
    this.surroundings = surroundings;
    this.members =
        new ShareMembers(
            batch ->
                new ShareMember(
                    consumers.apply(batch),
                    surroundings.log(),
                    batch,
                    events,
                    surroundings.metrics()),
            surroundings.settings(),
            surroundings.metrics());
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

  /**
   * Leaves the queue soon; does not wait. May be called again.
   *
   * @return the thread, which ends with that
   */
  Thread stop() {
    stop.countDown();
    changed();
    members.wakeUp();
    return thread;
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
    } finally {
      repeats.close();
    }
  }

  private void attempt() throws InterruptedException {
    try {
      SubscriptionFault objection = peers.objection();
      if (objection != null) {
        member.end(objection);
        return;
      }
      if (!begun) {
        beginning.begin(group);
        begun = true;
      }
      member.begin();
      while (stop.getCount() > 0) {
        turn();
      }
      members.settle();
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
    } catch (RuntimeException bug) {
      member.end(GuardedSubscriptions.bug("a queue worker threw", bug));
    } finally {
      members.close();
    }
  }

  private void failed(KafkaException e) {
    if (!failing && stop.getCount() > 0) {
      failing = true;
      surroundings.metrics().outage();
      LOG.warn("queue worker interrupted, joins again group={} error={}", group, e.toString());
    }
  }

  private void turn() throws InterruptedException {
    if (member.isDrained()) {
      members.closeFree();
      waitForChanges();
    } else {
      ShareMember taker = members.next(events.room(member.room()));
      if (taker == null) {
        waitForChanges();
      } else {
        take(taker);
      }
    }
    judge.judge();
    surroundings.metrics().timeouts(events.tick(member.isDrained()));
    member.pass();
    events.toPark().forEach(this::park);
    members.settle();
  }

  private void take(ShareMember taker) throws InterruptedException {
    try {
      ConsumerRecords<byte[], byte[]> taken = taker.take();
      if (!taken.isEmpty() && !isAgreed()) {
        return;
      }
      taken.forEach(record -> events.add(record, taker));
      failing = false;
    } catch (WakeupException e) {
      LOG.trace("queue worker woken up group={}", group);
    } catch (KafkaException e) {
      if (!members.goOnWithout(taker, e)) {
        throw e;
      }
    }
  }

  /**
   * Whether the other workers ask for the same events. Whoever was given some takes part, so that
   * others see it; it is asked again now and then, since one that holds a batch is not seen.
   */
  private boolean isAgreed() throws InterruptedException {
    if (System.nanoTime() - agreedNanos >= AGREED_NANOS) {
      SubscriptionFault objection = peers.contest();
      if (objection != null) {
        member.end(objection);
        return false;
      }
      agreedNanos = System.nanoTime();
    }
    return true;
  }

  private void waitForChanges() throws InterruptedException {
    boolean unused = changes.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    changes.drainPermits();
  }

  private void park(Acquired acquired) {
    Instant last = Instant.ofEpochMilli(acquired.failedMillis);
    Failure failure =
        new Failure(
            DeadLetterStage.DEAD_LETTER_STAGE_DELIVER,
            acquired.parkReason,
            acquired.message,
            acquired.attempt,
            last,
            last);
    surroundings
        .deadLetters()
        .put(
            acquired.event,
            group,
            failure,
            () -> {
              events.parked(acquired);
              changed();
            },
            () -> events.notParked(acquired));
  }
}
