package io.jimbot.eventbus.bench.load;

import java.util.concurrent.locks.LockSupport;

/**
 * Wakes somebody at a time, more exactly than a selector's milliseconds can. The thread that waits
 * sets it; its own thread sleeps.
 */
final class Alarm implements AutoCloseable {

  private final Runnable wakeUp;
  private final Thread thread;

  /** Written by the thread that waits, read by the alarm's own. */
  private volatile long atNanos;

  /** Set by the thread that waits, behind {@link #atNanos}; reset by the alarm's own. */
  private volatile boolean armed;

  /** Written by {@link #close}, read by the alarm's own thread. */
  private volatile boolean closed;

  Alarm(Runnable wakeUp) {
    this.wakeUp = wakeUp;
    this.thread = new Thread(this::run, "alarm");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Wakes at that time of {@link System#nanoTime}; a former time is forgotten. If the former one is
   * reached this very moment, the new one may be lost: the one who waits has a coarser timeout too.
   */
  void set(long nanoTime) {
    if (armed && atNanos == nanoTime) {
      return;
    }
    atNanos = nanoTime;
    armed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      if (!armed) {
        LockSupport.park(this);
        continue;
      }
      long at = atNanos;
      long left = at - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(this, left);
      } else {
        armed = false;
        wakeUp.run();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
