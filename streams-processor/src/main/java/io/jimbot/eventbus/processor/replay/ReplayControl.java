package io.jimbot.eventbus.processor.replay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.events.v1.ReplayAction;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is wanted of a run while it runs. The run's thread asks and waits; the owner of the jobs
 * tells. Thread-safe.
 */
final class ReplayControl {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Written under the lock, read by the run for each event. */
  private volatile ReplayAction wish;

  private volatile boolean leaving;

  @GuardedBy("lock")
  private boolean told;

  ReplayControl(ReplayAction wish) {
    this.wish = wish;
  }

  ReplayAction wish() {
    return wish;
  }

  /** Whether it is to go on. */
  boolean isRunning() {
    return !leaving
        && (wish == ReplayAction.REPLAY_ACTION_RUN
            || wish == ReplayAction.REPLAY_ACTION_UNSPECIFIED);
  }

  /** Whether it is left to another processor, or to this one's next start. */
  boolean isLeaving() {
    return leaving;
  }

  /** An operator wants this. */
  void wish(ReplayAction action) {
    if (action != wish) {
      wish = action;
      tell();
    }
  }

  /** The replay is another's now. */
  void leave() {
    leaving = true;
    tell();
  }

  private void tell() {
    lock.lock();
    try {
      told = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for that long, or until something else is wanted. */
  void await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !told) {
        left = changed.awaitNanos(left);
      }
      told = false;
    } finally {
      lock.unlock();
    }
  }

  /** The same, in milliseconds. */
  void awaitMillis(long millis) throws InterruptedException {
    await(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
