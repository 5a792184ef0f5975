package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.kept.OtherLogException;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.events.v1.ReplayAction;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One processor's work on one replay: takes it over, does what its duty is, and ends. While Kafka
 * is away it tries again, with pauses up to five seconds; what can never work makes the replay
 * fail. Runs on a thread of the pool; the rest is thread-safe.
 */
final class ReplayRun implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayRun.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final String id;
  private final int partition;
  private final Duty duty;
  private final ReplayWork work;
  private final ReplayControl control;
  private final ReplayMetrics metrics;
  private final Consumer<ReplayRun> onEnd;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** One that is to do that, and tells when it has ended. */
  ReplayRun(
      Replay replay, Duty duty, ReplayWork work, ReplayMetrics metrics, Consumer<ReplayRun> onEnd) {
    this.id = replay.id();
    this.partition = replay.partition();
    this.duty = duty;
    this.work = work;
    this.control = new ReplayControl(replay.wish());
    this.metrics = metrics;
    this.onEnd = onEnd;
  }

  String id() {
    return id;
  }

  int partition() {
    return partition;
  }

  Duty duty() {
    return duty;
  }

  /** An operator wants this. */
  void wish(ReplayAction action) {
    control.wish(action);
  }

  /** Commits what was done and ends soon; does not wait. */
  void leave() {
    control.leave();
  }

  /** Waits for its end, at most that long. */
  boolean awaitEnd(long millis) throws InterruptedException {
    return ended.await(Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  @Override
  public void run() {
    try {
      long pause = FIRST_PAUSE_MILLIS;
      while (!control.isLeaving() && !attempt()) {
        control.awaitMillis(pause);
        pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
      }
    } catch (InterruptedException e) {
      LOG.debug("replay interrupted replay={}", id);
    } finally {
      ended.countDown();
      onEnd.accept(this);
    }
  }

  /** Whether it is over, for this run. */
  private boolean attempt() throws InterruptedException {
    try {
      tell(work.perform(id, partition, duty, control));
      return true;
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      LOG.info("replay taken over by another processor replay={}", id);
      metrics.takenOver();
      return true;
    } catch (OffsetOutOfRangeException e) {
      // What is left of it is found when it begins again.
      LOG.info(
          "retention came before a replay replay={} places={}", id, e.offsetOutOfRangePartitions());
      return false;
    } catch (OtherLogException e) {
      return fail("the log was cut off, deleted or made anew: " + e.getMessage());
    } catch (AuthorizationException | RecordTooLargeException e) {
      return fail(String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      if (isFatal(e.getCause())) {
        return fail(String.valueOf(e.getCause()));
      }
      metrics.interrupted();
      LOG.warn(
          "replay interrupted, goes on at its last commit replay={} error={}", id, e.toString());
      return false;
    } catch (RuntimeException e) {
      LOG.error("bug: a replay threw replay={}", id, e);
      return fail("internal error; the processor's log has it");
    }
  }

  private static boolean isFatal(@Nullable Throwable cause) {
    return cause instanceof AuthorizationException || cause instanceof RecordTooLargeException;
  }

  private boolean fail(String why) throws InterruptedException {
    try {
      tell(work.fail(id, partition, why));
      return true;
    } catch (KafkaException e) {
      metrics.interrupted();
      LOG.warn(
          "replay failed, which could not be written down replay={} error={}", id, e.toString());
      return false;
    }
  }

  private void tell(@Nullable ReplayState state) {
    if (state != null) {
      LOG.info("replay state replay={} state={}", id, state.word());
      if (state instanceof ReplayState.Finished) {
        metrics.finished(state.word());
      }
    }
  }
}
