package io.jimbot.eventbus.gateway.delivery.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.telemetry.TailMetrics;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class TailSubscriptionTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void onceADrainHasReturnedNothingIsDelivered() throws Exception {
    SlowSubscriber subscriber = new SlowSubscriber();
    TailSubscription subscription = subscription(subscriber);
    subscription.begin(new long[] {0});
    subscription.take(event(0));
    subscription.take(event(1));
    Thread delivering = new Thread(subscription::pass);
    delivering.start();
    subscriber.inside.await();

    Thread stopping = new Thread(subscription::drain);
    stopping.start();
    // It waits for the delivery that is under way.
    await().atMost(PATIENCE).until(() -> stopping.getState() == Thread.State.BLOCKED);
    subscriber.mayGoOn.countDown();
    stopping.join();
    int delivered = subscriber.delivered.get();
    delivering.join();
    subscription.pass();

    assertThat(subscriber.delivered).hasValue(delivered);
    assertThat(subscription.position()).isNotNull();
  }

  private static TailSubscription subscription(Subscriber subscriber) {
    EventFilter all =
        new EventFilter(List.of(new TopicPattern("**")), Set.of(), Set.of(), Set.of(), Map.of());
    return new TailSubscription(
        new SubscriptionRequest(all, new Start.Now(), new Sharing.Tail(), false),
        subscriber,
        "log",
        10,
        () -> 64_000,
        10,
        reattached -> {},
        closed -> {},
        new TailMetrics(new PrometheusRegistry()));
  }

  private static StoredEvent event(long offset) {
    return new StoredEvent(new ConsumerRecord<>("log", 0, offset, new byte[] {1}, new byte[] {1}));
  }

  /** Always ready, and stays in each delivery until it may go on. */
  private static final class SlowSubscriber implements Subscriber {
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final AtomicInteger delivered = new AtomicInteger();

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void started() {}

    @Override
    public void deliver(Delivery delivery) {
      inside.countDown();
      try {
        mayGoOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      delivered.incrementAndGet();
    }

    @Override
    public void flush() {}

    @Override
    public void ended(SubscriptionFault why) {}
  }
}
