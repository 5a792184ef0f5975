package io.jimbot.eventbus.gateway.delivery.tail;

import io.jimbot.eventbus.gateway.delivery.GuardedSubscriptions;
import io.jimbot.eventbus.gateway.delivery.LogReader;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.TailMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some daemon threads {@code tail-catch-up-*}, each with a consumer of its own, that take turns
 * with the subscribers that are behind or have not found their start yet. However many there are,
 * the number of consumers is bounded; one that does not read takes no turn.
 */
final class CatchUpReaders {

  private static final Logger LOG = LoggerFactory.getLogger(CatchUpReaders.class);
  private static final long IDLE_MILLIS = 500;
  private static final long PAUSE_MILLIS = 200;

  private final IntFunction<LogReader> readers;
  private final CatchUpTurn turn;
  private final TailMetrics metrics;
  private final BlockingQueue<TailSubscription> behind = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);

  /**
   * Does no I/O.
   *
   * @param readers makes the consumer of a thread, by its number from 0
   */
  CatchUpReaders(int count, IntFunction<LogReader> readers, CatchUpTurn turn, TailMetrics metrics) {
    this.readers = readers;
    this.turn = turn;
    this.metrics = metrics;
    for (int i = 0; i < count; i++) {
      int number = i;
      Thread thread = new Thread(() -> run(number), "tail-catch-up-" + number);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /** Asks for a turn. */
  void add(TailSubscription subscription) {
    behind.add(subscription);
  }

  private void run(int number) {
    try {
      while (stop.getCount() > 0) {
        TailSubscription next = behind.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          readFor(next, number);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("catch-up reader interrupted number={}", number);
    }
  }

  /** With one consumer as long as there is somebody to read for. */
  private void readFor(TailSubscription first, int number) throws InterruptedException {
    TailSubscription next = first;
    try (LogReader reader = readers.apply(number)) {
      while (next != null && stop.getCount() > 0) {
        if (turn.take(next, reader)) {
          behind.add(next);
        }
        next = behind.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (KafkaException e) {
      metrics.outage("catch_up");
      LOG.warn("catching up interrupted, goes on when Kafka is back error={}", e.toString());
      if (next != null) {
        behind.add(next);
      }
      boolean unused = stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RuntimeException bug) {
      metrics.refused("internal");
      SubscriptionFault fault = GuardedSubscriptions.bug("a catch-up reader threw", bug);
      if (next != null) {
        next.end(fault);
      }
    }
  }

  /** Ends the threads; waits at most that long for all of them. */
  void close(Duration patience) throws InterruptedException {
    stop.countDown();
    long deadline = System.nanoTime() + patience.toNanos();
    for (Thread thread : threads) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      thread.join(Math.max(1, left));
    }
  }
}
