package io.jimbot.eventbus.gateway.delivery.tail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.Renditions;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudienceTest {

  private static final int SUBSCRIBERS = 8;
  private static final int WINDOW_EVENTS = 1_000;
  private static final int WINDOW_BYTES = 1024 * 1024;

  private final TailMetrics metrics = new TailMetrics(new PrometheusRegistry());
  private final Audience audience = new Audience();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger delivered = new AtomicInteger();

  /** Twice as large as the event, as JSON is. */
  private final Renditions<byte[]> renditions =
      new Renditions<>(
          event -> {
            made.incrementAndGet();
            return new byte[2 * event.size()];
          },
          bytes -> bytes.length);

  @ParameterizedTest(name = "{0} events of {1} bytes")
  @CsvSource({"1, 1000", "500, 1000", "500, 20000", "3000, 300"})
  void whatSubscribersMakeOfTheEventsOfARoundIsMadeOnceForAllOfThem(int events, int bytes) {
    for (int i = 0; i < SUBSCRIBERS; i++) {
      TailSubscription subscription = subscription();
      subscription.begin(new long[] {0});
      audience.add(subscription);
    }
    for (int offset = 0; offset < events; offset++) {
      audience.offer(event(offset, bytes));
    }
    audience.finishRound(new long[] {events});

    assertThat(delivered).hasValue(SUBSCRIBERS * events);
    assertThat(made).hasValue(events);
  }

  private TailSubscription subscription() {
    EventFilter all =
        new EventFilter(List.of(new TopicPattern("**")), Set.of(), Set.of(), Set.of(), Map.of());
    return new TailSubscription(
        new SubscriptionRequest(all, new Start.Now(), new Sharing.Tail(), false),
        new RenderingSubscriber(),
        "log",
        WINDOW_EVENTS,
        () -> WINDOW_BYTES,
        10,
        reattached -> {},
        closed -> {},
        metrics);
  }

  private static StoredEvent event(long offset, int bytes) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("log", 0, offset, null, new byte[bytes]);
    record.headers().add(HeaderNames.TOPIC, "game.state.update".getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_TYPE, "TEST".getBytes(UTF_8));
    return new StoredEvent(record);
  }

  /** Always ready. */
  private final class RenderingSubscriber implements Subscriber {
    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void started() {}

    @Override
    public void deliver(Delivery delivery) {
      delivered.incrementAndGet();
      assertThat(renditions.of(delivery.event())).hasSize(2 * delivery.event().size());
    }

    @Override
    public void flush() {}

    @Override
    public void ended(SubscriptionFault why) {}
  }
}
