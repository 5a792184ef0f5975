package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's members of the share group: usually one, and another one when what the others hold
 * stays unsettled, so that an event that takes long or waits to be tried again does not keep its
 * worker from new ones. Belongs to the worker's thread; only {@link #wakeUp} is for all.
 */
final class ShareMembers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShareMembers.class);

  /**
   * How long a batch is held before another one is taken beside it, and how long a member waits for
   * its worker to have room for a batch of its size before one of another size takes its place.
   */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How long a member that is not needed is kept, and how long Kafka refuses to have another. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final IntFunction<ShareMember> opener;
  private final QueueSettings settings;
  private final MemberMetrics metrics;
  private final List<ShareMember> all = new CopyOnWriteArrayList<>();
  private long refusedNanos = System.nanoTime() - IDLE_NANOS;

  /**
   * Has none yet.
   *
   * @param opener makes one that takes so many events at a time
   */
  ShareMembers(IntFunction<ShareMember> opener, QueueSettings settings, MemberMetrics metrics) {
    this.opener = opener;
    this.settings = settings;
    this.metrics = metrics;
  }

  /**
   * The one to take the next batch with: never one whose batch is larger than what is wanted, since
   * the rest would be kept from other workers.
   *
   * @param wanted how many events the worker can do with now
   * @return null if none is to be taken now
   */
  @Nullable ShareMember next(int wanted) {
    int batch = Math.min(wanted, settings.batchEvents());
    ShareMember fitting = null;
    ShareMember misfit = null;
    for (ShareMember member : all) {
      if (!member.isFree()) {
        continue;
      }
      if (member.hasAsked()) {
        return member;
      }
      if (member.batch() > batch) {
        misfit = member;
      } else if (fitting == null || member.batch() > fitting.batch()) {
        fitting = member;
      }
    }
    if (batch <= 0) {
      return null;
    }
    if (fitting == null) {
      return misfit == null ? another(batch) : replaced(misfit, batch);
    }
    return fitting.batch() > batch / 2 ? fitting : replaced(fitting, batch);
  }

  /** Most often the room for its batch comes at once, and joining again takes longer than that. */
  private @Nullable ShareMember replaced(ShareMember free, int batch) {
    boolean tooLarge = free.batch() > batch;
    if (tooLarge && free.unchangedNanos() <= PATIENCE_NANOS) {
      return null;
    }
    close(free);
    return open(batch);
  }

  private @Nullable ShareMember another(int batch) {
    if (all.isEmpty()) {
      return open(batch);
    }
    boolean busy = all.stream().allMatch(member -> member.unchangedNanos() > PATIENCE_NANOS);
    boolean allowed =
        all.size() < settings.maxBatches() && System.nanoTime() - refusedNanos >= IDLE_NANOS;
    return busy && allowed ? open(batch) : null;
  }

  private ShareMember open(int batch) {
    ShareMember opened = opener.apply(batch);
    all.add(opened);
    return opened;
  }

  /**
   * One of them failed: Kafka may not want as many.
   *
   * @return whether the others can go on
   */
  boolean goOnWithout(ShareMember failed, KafkaException why) {
    if (all.size() == 1) {
      return false;
    }
    refusedNanos = System.nanoTime();
    metrics.outage();
    LOG.warn("queue worker goes on with fewer members error={}", why.toString());
    close(failed);
    return true;
  }

  /** Tells Kafka what became of events, keeps the locks on the others, lets idle members go. */
  void settle() {
    for (ShareMember member : all) {
      member.tell();
      member.keepLocks();
      boolean idle =
          all.size() > 1
              && member.isFree()
              && !member.hasAsked()
              && member.unchangedNanos() > IDLE_NANOS;
      if (idle) {
        close(member);
      }
    }
  }

  /** Nothing is to be taken any more: those that hold nothing leave. */
  void closeFree() {
    all.stream().filter(ShareMember::isFree).forEach(this::close);
  }

  private void close(ShareMember member) {
    all.remove(member);
    member.close();
  }

  /** Ends what they wait for; from any thread. */
  void wakeUp() {
    all.forEach(ShareMember::wakeUp);
  }

  /** All leave the group; Kafka gives what they hold to others. */
  @Override
  public void close() {
    all.forEach(ShareMember::close);
    all.clear();
  }
}
