package io.jimbot.eventbus.gateway;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.delivery.tail.TailSubscriptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tail subscriptions of replays: those of one replay share its readers, which come with the first
 * subscriber and go some seconds after the last. The daemon thread {@code replay-tails} puts them
 * away. Thread-safe; whoever made it closes it.
 */
final class ReplayTails implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayTails.class);
  private static final int MAX_REPLAYS = 32;
  private static final long SWEEP_MILLIS = 5_000;

  private final Function<String, TailSubscriptions> maker;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::sweepUntilClosed, "replay-tails");
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, TailSubscriptions> byTopic = new HashMap<>();

  /** Without subscribers at the last look. */
  @GuardedBy("lock")
  private final Set<String> idle = new HashSet<>();

  /**
   * Does no I/O.
   *
   * @param maker makes the readers of a Kafka topic
   */
  ReplayTails(Function<String, TailSubscriptions> maker) {
    this.maker = maker;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** As {@code Subscriptions.open} says, for the output of a replay. */
  Subscription open(String topic, SubscriptionRequest request, Subscriber subscriber) {
    synchronized (lock) {
      TailSubscriptions tails = byTopic.get(topic);
      if (tails == null && byTopic.size() < MAX_REPLAYS && stop.getCount() > 0) {
        tails = maker.apply(topic);
        tails.start();
        byTopic.put(topic, tails);
      }
      if (tails != null) {
        idle.remove(topic);
        return tails.open(request, subscriber);
      }
    }
    return EndedSubscription.of(
        subscriber,
        new SubscriptionFault(
            SubscriptionFault.Kind.EXHAUSTED,
            "too_many_replays",
            "replay_id",
            "this gateway reads as many replays as it may: " + MAX_REPLAYS));
  }

  private void sweepUntilClosed() {
    try {
      while (!stop.await(SWEEP_MILLIS, TimeUnit.MILLISECONDS)) {
        sweep().forEach(TailSubscriptions::close);
      }
    } catch (InterruptedException e) {
      LOG.debug("replay tails interrupted");
    }
  }

  /** Takes those out that were without subscribers at two looks. */
  private List<TailSubscriptions> sweep() {
    List<TailSubscriptions> unused = new ArrayList<>();
    synchronized (lock) {
      for (String topic : List.copyOf(byTopic.keySet())) {
        TailSubscriptions tails = byTopic.get(topic);
        boolean isIdle = tails != null && tails.size() == 0;
        boolean wasIdle = idle.remove(topic);
        if (isIdle && wasIdle) {
          byTopic.remove(topic);
          unused.add(tails);
        } else if (isIdle) {
          idle.add(topic);
        }
      }
    }
    return unused;
  }

  /** Ends all of them; bounded, may be called twice. */
  @Override
  public void close() {
    stop.countDown();
    List<TailSubscriptions> all;
    synchronized (lock) {
      all = List.copyOf(byTopic.values());
      byTopic.clear();
    }
    all.forEach(TailSubscriptions::close);
  }
}
