package io.jimbot.eventbus.gateway.delivery.queue;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All workers of queues at this gateway: each has a thread and a Kafka share consumer of its own.
 * Thread-safe; whoever made it closes it.
 */
public final class QueueSubscriptions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(QueueSubscriptions.class);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final QueueSurroundings surroundings;
  private final KafkaLink kafka;
  private final RepeatsByQueue repeats;
  private final LeavingMembers leaving = new LeavingMembers();
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, Worker> workers = new ConcurrentHashMap<>();

  /** One worker and what serves it. */
  private record Worker(LeasedSubscription member, QueueReader reader, AcquiredEvents events) {}

  /**
   * Does no I/O.
   *
   * @param log the Kafka topic of the log
   * @param kafka makes the clients of workers
   */
  public QueueSubscriptions(
      QueueSettings settings,
      String log,
      KafkaLink kafka,
      DeadLetterBox deadLetters,
      MemberMetrics metrics) {
    this.surroundings =
        new QueueSurroundings(log, settings, deadLetters, metrics, metrics.countRepeatsUnknown());
    this.kafka = kafka;
    this.repeats =
        new RepeatsByQueue(
            () -> kafka.newSeekingConsumer("eventbus-queue-repeats"), settings.repeatKeys());
    metrics.watch(
        workers::size, () -> sum(AcquiredEvents::outEvents), () -> sum(AcquiredEvents::heldBytes));
  }

  private long sum(ToLongFunction<AcquiredEvents> value) {
    return workers.values().stream().mapToLong(w -> value.applyAsLong(w.events())).sum();
  }

  /** As {@code Subscriptions.open} says, for a worker of a queue. */
  public Subscription open(
      SubscriptionRequest request, Sharing.Queue sharing, Subscriber subscriber) {
    long id = random.nextLong();
    String group = sharing.name();
    MemberMetrics metrics = surroundings.metrics();
    int most = surroundings.settings().maxWorkers();
    AcquiredEvents events =
        new AcquiredEvents(
            id,
            new Sieve(group, request.filter(), metrics),
            sharing.policy(),
            surroundings.settings().bufferSize().toBytes());
    LeasedSubscription member =
        new LeasedSubscription(id, subscriber, events, metrics, () -> changed(id), () -> leave(id));
    if (workers.size() >= most) {
      member.end(
          new SubscriptionFault(
              SubscriptionFault.Kind.EXHAUSTED,
              "too_many_members",
              "",
              "this gateway has as many workers of queues as it may have: " + most));
      return member;
    }
    GroupPeers peers = GroupPeers.ofQueue(kafka::newAdmin, group, request.filter(), id);
    AtomicInteger consumers = new AtomicInteger();
    QueueReader reader =
        new QueueReader(
            group,
            peers,
            new QueueBeginning(
                surroundings.log(), request.start(), () -> kafka.newAdmin(peers.clientId())),
            batch ->
                kafka.newShareConsumer(
                    peers.clientId() + "-" + consumers.incrementAndGet(),
                    group,
                    batch,
                    surroundings.settings().bufferSize().toBytes()),
            request.deduplicate() ? repeats.join(group) : Repeats.NONE,
            events,
            member,
            surroundings);
    workers.put(id, new Worker(member, reader, events));
    reader.start();
    return member;
  }

  private void changed(long id) {
    Worker worker = workers.get(id);
    if (worker != null) {
      worker.reader().changed();
    }
  }

  private void leave(long id) {
    Worker worker = workers.remove(id);
    if (worker != null) {
      leaving.add(worker.reader().stop());
    }
  }

  /** Settles a delivery of any worker of this gateway. */
  public Settled settle(AckId id, Settlement settlement) {
    Worker worker = workers.get(id.subscription());
    return worker == null ? Settled.NOT_HERE : worker.member().settle(id, settlement);
  }

  /** All workers leave their queues; waits for that in bounded time. May be called twice. */
  @Override
  public void close() {
    List.copyOf(workers.values()).forEach(worker -> worker.member().close());
    repeats.stop();
    try {
      leaving.await(CLOSE_PATIENCE);
    } catch (InterruptedException e) {
      LOG.debug("interrupted while workers leave their queues");
      Thread.currentThread().interrupt();
    }
  }
}
