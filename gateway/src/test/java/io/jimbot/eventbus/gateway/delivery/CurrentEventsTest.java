package io.jimbot.eventbus.gateway.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.upcast.Upcaster;
import io.jimbot.eventbus.event.upcast.Upcasters;
import io.jimbot.eventbus.gateway.telemetry.UpcastMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Event;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class CurrentEventsTest {

  private final AtomicInteger steps = new AtomicInteger();
  private boolean failing;
  private final CurrentEvents events =
      new CurrentEvents(
          new Upcasters(List.of(new CountedStep()), Map.of("STEP", 2)),
          new UpcastMetrics(new PrometheusRegistry()));

  private static StoredEvent event() {
    byte[] value = Event.newBuilder().setEventType("STEP").build().toByteArray();
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("log", 0, 7, null, value);
    record.headers().add(HeaderNames.TOPIC, "game.step".getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_TYPE, "STEP".getBytes(UTF_8));
    return new StoredEvent(record);
  }

  @Test
  void anEventIsBroughtToTheCurrentVersionOnceForAllWhoGetIt() throws Exception {
    StoredEvent event = event();
    StoredEvent current = events.of(event);

    assertThat(Event.parseFrom(current.value()).getGameId()).isEqualTo("named");
    assertThat(events.of(event)).isSameAs(current);
    assertThat(events.of(current)).isSameAs(current);
    assertThat(steps).hasValue(1);
  }

  @Test
  void oneThatAStepCannotTakeComesAsItIsAndTheStepIsAskedOnce() {
    failing = true;
    StoredEvent event = event();

    assertThat(events.of(event)).isSameAs(event);
    assertThat(events.of(event)).isSameAs(event);
    assertThat(steps).hasValue(1);
  }

  private final class CountedStep implements Upcaster {
    @Override
    public String type() {
      return "STEP";
    }

    @Override
    public int from() {
      return 1;
    }

    @Override
    public Event apply(Event event) {
      steps.incrementAndGet();
      if (failing) {
        throw new IllegalStateException("cannot");
      }
      return event.toBuilder().setGameId("named").build();
    }
  }
}
