package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Event;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class EventFramesTest {

  private final EventFrames frames =
      new EventFrames(new DeliveredJson(new HttpMetrics(new PrometheusRegistry())));

  private static StoredEvent event(byte[] value) {
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("log", 0, 7, null, value);
    record.headers().add(HeaderNames.TOPIC, "game.step".getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_TYPE, "STEP".getBytes(UTF_8));
    return new StoredEvent(record);
  }

  @Test
  void allStreamsThatGetAnEventGetTheSameBytes() {
    StoredEvent event = event(Event.newBuilder().setEventId("e-1").build().toByteArray());
    byte[] frame = frames.of(event);

    assertThat(new String(frame, UTF_8)).matches("data: \\{.*\"e-1\".*}\n\n");
    assertThat(frames.of(event)).isSameAs(frame);
  }

  @Test
  void aRecordThatHoldsNoEventIsLeftOut() {
    assertThat(frames.of(event(new byte[] {-1, -1, -1}))).isEmpty();
  }
}
