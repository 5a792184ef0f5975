package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.replay.Replay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that work on replays: some {@code replay-run-*} for those that replay, one {@code
 * replay-settle} for pauses and cancellations, which need not wait for a free one then, and one
 * {@code replay-delete} for outputs whose time is over: a deletion that Kafka does not get done,
 * and that is tried again and again, holds up other deletions only. Each replay has one at a time,
 * and while it waits for that may get another one. What waits is bounded by the replays there may
 * be. Thread-safe, but for {@link #send} and {@link #leave}, which are for one thread; whoever made
 * it closes it.
 */
final class ReplayCrew implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayCrew.class);

  private final ReplayWork work;
  private final ReplayMetrics metrics;
  private final ThreadPoolExecutor running;
  private final ThreadPoolExecutor settling;
  private final ThreadPoolExecutor deleting;
  private final Map<String, ReplayRun> runs = new ConcurrentHashMap<>();

  ReplayCrew(int maxRunning, ReplayWork work, ReplayMetrics metrics) {
    this.work = work;
    this.metrics = metrics;
    this.running = threads("replay-run-", maxRunning);
    this.settling = threads("replay-settle-", 1);
    this.deleting = threads("replay-delete-", 1);
  }

  private static ThreadPoolExecutor threads(String prefix, int size) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        size,
        size,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        task -> {
          Thread thread = new Thread(task, prefix + number.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }

  int size() {
    return runs.size();
  }

  /** Tells a replay that is being worked on what is wanted of it. */
  void wish(Replay replay) {
    ReplayRun run = runs.get(replay.id());
    if (run != null) {
      run.wish(replay.wish());
    }
  }

  /** Has something done, unless the replay is being worked on or waits for the same. */
  void send(Replay replay, Duty duty) {
    ReplayRun known = runs.get(replay.id());
    if (known != null && (known.duty() == duty || !withdraw(known))) {
      return;
    }
    ReplayRun run = new ReplayRun(replay, duty, work, metrics, this::forget);
    runs.put(replay.id(), run);
    threads(duty).execute(run);
  }

  /** Takes one back that waits for a thread; false if a thread has taken it already. */
  private boolean withdraw(ReplayRun run) {
    boolean waited = threads(run.duty()).remove(run);
    if (waited) {
      forget(run);
    }
    return waited;
  }

  private void forget(ReplayRun run) {
    runs.remove(run.id(), run);
  }

  private ThreadPoolExecutor threads(Duty duty) {
    return switch (duty) {
      case NONE -> throw new IllegalArgumentException("there is nothing to be done");
      case RUN -> running;
      case SETTLE -> settling;
      case EXPIRE, FORGET -> deleting;
    };
  }

  /** Lets go of all replays of some partitions, and waits for that at most so long. */
  void leave(Set<Integer> partitions, Duration patience) {
    List<ReplayRun> leaving = new ArrayList<>(runs.values());
    leaving.removeIf(run -> !partitions.contains(run.partition()) || withdraw(run));
    leaving.forEach(ReplayRun::leave);
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      for (ReplayRun run : leaving) {
        if (!run.awaitEnd(TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()))) {
          LOG.warn("replay not left in time partition={}", run.partition());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the threads; what still runs is interrupted. May be called twice. */
  @Override
  public void close() {
    running.shutdownNow();
    settling.shutdownNow();
    deleting.shutdownNow();
  }
}
