package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.event.upcast.Upcasters;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Event;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeliveredJsonTest {

  private final DeliveredJson json =
      new DeliveredJson(
          new HttpMetrics(new PrometheusRegistry()),
          Upcasters.builtIn()
              .with("STEP", 1, event -> event.toBuilder().setSource("two").build())
              .with(
                  "BAD",
                  1,
                  event -> {
                    throw new IllegalStateException("no good");
                  }));

  private static StoredEvent stored(String type) {
    Event event =
        Event.newBuilder()
            .setEventType(type)
            .setSource("one")
            .setJson(ByteString.copyFromUtf8("{}"))
            .setLeftovers(ByteString.copyFromUtf8("{\"extra\":1}"))
            .build();
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("log", 0, 1, new byte[0], event.toByteArray());
    record.headers().add("event-type", type.getBytes(UTF_8));
    record.headers().add("topic", "custom.step".getBytes(UTF_8));
    return new StoredEvent(record);
  }

  private String text(EventVersion version) {
    return new String(Objects.requireNonNull(json.of(stored("STEP"), version)), UTF_8);
  }

  @Test
  void anEventComesAsItIsStoredUnlessTheCurrentVersionIsAskedFor() {
    assertThat(text(EventVersion.STORED)).contains("\"source\":\"one\"").doesNotContain("version");
    assertThat(text(EventVersion.CURRENT))
        .contains("\"source\":\"two\"", "\"version\":2", "\"extra\":1");
  }

  @Test
  void anEventThatAStepCannotTakeIsLeftOutAndCostsNoOther() {
    assertThat(json.of(stored("BAD"), EventVersion.CURRENT)).isNull();
    assertThat(json.of(stored("BAD"), EventVersion.STORED)).isNotNull();
  }
}
