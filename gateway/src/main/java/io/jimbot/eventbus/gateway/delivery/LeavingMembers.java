package io.jimbot.eventbus.gateway.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The threads of members that leave their group or queue, each of which stores what was settled
 * last: whoever stops waits for them. Thread-safe.
 */
public final class LeavingMembers {

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /** One more, which ends once its member has left. */
  public void add(Thread thread) {
    threads.removeIf(each -> !each.isAlive());
    threads.add(thread);
  }

  /** Waits until all have left or the time is over. */
  public void await(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    for (Thread thread : threads) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }
  }
}
