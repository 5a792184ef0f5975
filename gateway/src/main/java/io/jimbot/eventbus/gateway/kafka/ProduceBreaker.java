package io.jimbot.eventbus.gateway.kafka;

import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Unavailable;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Says at once whether Kafka would take a record, so that nobody waits for a Kafka that is away.
 *
 * <p>Starts open. The probe reports that Kafka answers: trial. A record is acknowledged: closed. A
 * record fails for want of Kafka, or stays unanswered too long: open again, until the probe reports
 * once more. There is no way to stay open while Kafka answers. Thread-safe; every state is an
 * immutable value, replaced as a whole, and publishing threads only read it.
 */
final class ProduceBreaker {

  /** The kinds of state. */
  enum State {
    /** Kafka has not been seen yet. Records are refused. */
    STARTING,
    /** Kafka is away. Records are refused. */
    OPEN,
    /** Kafka answers the probe, but has not acknowledged a record since. Records are admitted. */
    TRIAL,
    /** Records are admitted and acknowledged. */
    CLOSED,
    /** The end. Records are refused. */
    STOPPED
  }

  /**
   * One state with what belongs to it.
   *
   * @param refusal why records are refused, or null if they are admitted
   * @param admittingSinceNanos since when records are admitted; what older ones tell is old news
   * @param failedTrials how many trials in a row have ended without an acknowledgement
   */
  private record Status(
      State state, @Nullable Unavailable refusal, long admittingSinceNanos, int failedTrials) {}

  /** Told of every change of state, on the thread that caused it. */
  @FunctionalInterface
  interface Listener {
    void changed(State from, State to, @Nullable Unavailable refusal);
  }

  private final LongSupplier nanoClock;
  private final long stallNanos;
  private final Listener listener;

  private final Object lock = new Object();

  /**
   * Replaced under the lock by the probe and the producer's sender thread; read by all, as a whole.
   */
  private volatile Status status;

  /** Written by the producer's sender thread, read by the probe's, which needs it only roughly. */
  private volatile long acknowledgedNanos;

  ProduceBreaker(LongSupplier nanoClock, Duration stallThreshold, Listener listener) {
    this.nanoClock = nanoClock;
    this.stallNanos = stallThreshold.toNanos();
    this.acknowledgedNanos = nanoClock.getAsLong();
    this.listener = listener;
    Unavailable starting = new Unavailable("starting", "the connection to Kafka is being made");
    this.status = new Status(State.STARTING, starting, 0, 0);
  }

  /** Why a record is refused now, or null if it may go. */
  @Nullable Unavailable refusal() {
    return status.refusal();
  }

  State state() {
    return status.state();
  }

  /** Whether Kafka should be asked whether it is there. */
  boolean wantsProbe() {
    State now = state();
    return now == State.STARTING || now == State.OPEN;
  }

  int failedTrials() {
    return status.failedTrials();
  }

  /** A record was acknowledged. */
  void acknowledged() {
    acknowledgedNanos = nanoClock.getAsLong();
    if (state() == State.TRIAL) {
      change(
          s ->
              s.state() == State.TRIAL
                  ? new Status(State.CLOSED, null, s.admittingSinceNanos(), 0)
                  : s);
    }
  }

  /** A record failed because Kafka did not answer. */
  void failed(long handedOverNanos, Unavailable why) {
    change(s -> admits(s) && handedOverNanos - s.admittingSinceNanos() >= 0 ? opened(s, why) : s);
  }

  /**
   * Looks at the oldest record that is unanswered; to be called several times within the stall
   * threshold. Kafka is away if it has acknowledged nothing for so long; one record that waits
   * while others are acknowledged is the delivery timeout's business.
   */
  void checkStall(OptionalLong oldestNanos) {
    if (oldestNanos.isEmpty()) {
      return;
    }
    long oldest = oldestNanos.getAsLong();
    long nowNanos = nanoClock.getAsLong();
    long silentNanos = Math.min(nowNanos - oldest, nowNanos - acknowledgedNanos);
    if (silentNanos > stallNanos) {
      Unavailable why =
          new Unavailable(
              "kafka_unreachable",
              "Kafka has not acknowledged a record for " + silentNanos / 1_000_000 + " ms");
      failed(oldest, why);
    }
  }

  /** The probe found Kafka there, with a leader for every partition. */
  void reachable() {
    change(
        s ->
            refuses(s)
                ? new Status(State.TRIAL, null, nanoClock.getAsLong(), s.failedTrials())
                : s);
  }

  /** The probe did not find Kafka there; the reason is passed on to whoever is refused. */
  void unreachable(Unavailable why) {
    change(
        s ->
            refuses(s) ? new Status(s.state(), why, s.admittingSinceNanos(), s.failedTrials()) : s);
  }

  /** The producer was replaced: its failures are not the new one's. */
  void forgetTrials() {
    change(s -> new Status(s.state(), s.refusal(), s.admittingSinceNanos(), 0));
  }

  /** The end: refuses everything from now on. */
  void stop() {
    Unavailable why = new Unavailable("stopping", "this gateway is shutting down");
    change(s -> new Status(State.STOPPED, why, s.admittingSinceNanos(), s.failedTrials()));
  }

  private static boolean admits(Status s) {
    return s.state() == State.TRIAL || s.state() == State.CLOSED;
  }

  private static boolean refuses(Status s) {
    return s.state() == State.STARTING || s.state() == State.OPEN;
  }

  private static Status opened(Status s, Unavailable why) {
    int failedTrials = s.state() == State.TRIAL ? s.failedTrials() + 1 : 0;
    return new Status(State.OPEN, why, s.admittingSinceNanos(), failedTrials);
  }

  private void change(UnaryOperator<Status> step) {
    Status before;
    Status after;
    synchronized (lock) {
      before = status;
      after = step.apply(before);
      status = after;
    }
    if (before.state() != after.state()) {
      listener.changed(before.state(), after.state(), after.refusal());
    }
  }
}
