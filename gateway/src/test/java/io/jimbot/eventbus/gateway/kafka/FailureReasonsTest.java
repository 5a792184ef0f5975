package io.jimbot.eventbus.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Message;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Impossible;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Unavailable;
import io.jimbot.eventbus.wire.SchemaRegistrySettings;
import io.jimbot.eventbus.wire.ValueFormat;
import io.jimbot.events.v1.Event;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

class FailureReasonsTest {

  /** Somebody else's, whose registry has changed its mind. */
  public static final class Refused implements Serializer<Message> {
    @Override
    public byte[] serialize(String topic, Message message) {
      throw new InvalidConfigurationException("not allowed; error code: 403");
    }
  }

  /** The same, and the registry is away. */
  public static final class Away implements Serializer<Message> {
    @Override
    public byte[] serialize(String topic, Message message) {
      throw new SerializationException("serializing", new ConnectException("refused"));
    }
  }

  private static PublishOutcome outcome(Class<?> serializer, byte[] value) {
    Duration second = Duration.ofSeconds(1);
    SchemaRegistrySettings settings =
        new SchemaRegistrySettings(
            "http://127.0.0.1:1",
            true,
            false,
            "none",
            second,
            second,
            second,
            second,
            second,
            serializer.getName(),
            Map.of());
    try (ValueFormat format = ValueFormat.of(settings, Map.of("t", Event.getDefaultInstance()))) {
      return FailureReasons.of(
          catchThrowable(() -> format.serializer().serialize("t", new RecordHeaders(), value)));
    }
  }

  @Test
  void aRecordWaitsWhereTheRegistryIsAtFaultWhicheverSerializerAskedIt() {
    assertThat(outcome(Refused.class, new byte[0]))
        .isInstanceOfSatisfying(
            Unavailable.class, told -> assertThat(told.reason()).isEqualTo("schema_refused"));
    assertThat(outcome(Away.class, new byte[0]))
        .isInstanceOfSatisfying(
            Unavailable.class,
            told -> assertThat(told.reason()).isEqualTo("schema_registry_unreachable"));
  }

  @Test
  void aRecordThatIsNoMessageIsImpossible() {
    assertThat(outcome(Away.class, new byte[] {1}))
        .isInstanceOfSatisfying(
            Impossible.class, told -> assertThat(told.reason()).isEqualTo("record_invalid"));
  }
}
