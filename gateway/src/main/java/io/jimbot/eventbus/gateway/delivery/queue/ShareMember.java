package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of a worker's members of the share group: takes a batch, keeps Kafka's locks on it, and tells
 * Kafka of each event what became of it. A share consumer gives nothing new while it holds locks
 * that were renewed, so a batch must be settled before the next is taken. Belongs to the worker's
 * thread, which closes it.
 */
final class ShareMember implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShareMember.class);

  /** Longer than Kafka lets a fetch wait, so that what is asked for mostly comes in one poll. */
  private static final Duration POLL = Duration.ofMillis(200);

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /**
   * At this part of their time locks are renewed: late, since it takes a poll, with which the
   * member is in the group again and its partitions come to nobody for a while.
   */
  private static final double RENEWAL = 2.0 / 3;

  private static final int USUAL_LOCK_MILLIS = 15_000;

  private final ShareConsumer<byte[], byte[]> consumer;
  private final int batch;
  private final AcquiredEvents events;
  private final MemberMetrics metrics;

  /** Whether Kafka was asked for events and has given none yet: they may come at any time. */
  private boolean asked;

  private long lockedNanos;
  private long changedNanos = System.nanoTime();

  /**
   * Joins the group.
   *
   * @param consumer closed with this
   * @param log what it reads
   * @param batch how many events it takes at a time, at most
   */
  ShareMember(
      ShareConsumer<byte[], byte[]> consumer,
      String log,
      int batch,
      AcquiredEvents events,
      MemberMetrics metrics) {
    this.consumer = consumer;
    this.batch = batch;
    this.events = events;
    this.metrics = metrics;
    consumer.subscribe(List.of(log));
  }

  /** How many events it takes at a time, at most. */
  int batch() {
    return batch;
  }

  /** Whether it holds nothing, so that it can take the next batch. */
  boolean isFree() {
    return events.holdsNothing(this);
  }

  boolean hasAsked() {
    return asked;
  }

  /** For how long it has held its batch, or nothing. */
  long unchangedNanos() {
    return System.nanoTime() - changedNanos;
  }

  /**
   * Takes a batch if there is one; waits a little for it. Once asked, it is to be asked again until
   * there is one: Kafka may have given it locks in the meantime.
   */
  ConsumerRecords<byte[], byte[]> take() {
    asked = true;
    ConsumerRecords<byte[], byte[]> taken = consumer.poll(POLL);
    if (!taken.isEmpty()) {
      asked = false;
      lockedNanos = System.nanoTime();
      changedNanos = lockedNanos;
    }
    return taken;
  }

  /** Tells Kafka what became of events; does not wait. */
  void tell() {
    List<Acquired> decided = events.decided(this);
    if (!decided.isEmpty()) {
      decided.forEach(acquired -> consumer.acknowledge(acquired.record, acquired.decision));
      consumer.commitAsync();
      changedNanos = isFree() ? System.nanoTime() : changedNanos;
    }
  }

  /** Asks for the locks again when it is time; forgets what Kafka has given to others meanwhile. */
  void keepLocks() {
    int lockMillis = consumer.acquisitionLockTimeoutMs().orElse(USUAL_LOCK_MILLIS);
    long due = (long) (TimeUnit.MILLISECONDS.toNanos(lockMillis) * RENEWAL);
    if (isFree() || System.nanoTime() - lockedNanos < due) {
      return;
    }
    long askedNanos = System.nanoTime();
    events
        .toRenew(this)
        .forEach(acquired -> consumer.acknowledge(acquired.record, AcknowledgeType.RENEW));
    consumer
        .commitSync(PATIENCE)
        .forEach(
            (partition, failure) ->
                failure.ifPresent(
                    e -> {
                      metrics.commitFailed();
                      LOG.warn("locks not renewed partition={} error={}", partition, e.toString());
                    }));
    for (ConsumerRecord<byte[], byte[]> record : renewed()) {
      if (!events.renewed(record, this)) {
        // Renewed too late to be still known; whatever is not settled ends the polling.
        consumer.acknowledge(record, AcknowledgeType.RELEASE);
      }
    }
    lockedNanos = askedNanos;
    events.forgetLost(this);
  }

  /** The next poll gives what was renewed, and nothing else. */
  private ConsumerRecords<byte[], byte[]> renewed() {
    try {
      return consumer.poll(POLL);
    } catch (WakeupException e) {
      // Whoever stops the worker wants what is settled told to Kafka first.
      return consumer.poll(POLL);
    }
  }

  /** Ends a {@link #take}; from any thread. */
  void wakeUp() {
    consumer.wakeup();
  }

  /** Leaves the group; Kafka gives what it holds to others. */
  @Override
  public void close() {
    try {
      consumer.close(PATIENCE);
    } catch (KafkaException e) {
      LOG.debug("queue worker did not leave cleanly error={}", e.toString());
    }
    events.forget(this);
  }
}
