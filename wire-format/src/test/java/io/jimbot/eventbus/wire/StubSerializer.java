package io.jimbot.eventbus.wire;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Message;
import io.jimbot.events.v1.Event;
import java.net.ConnectException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Somebody else's serializer: reads its properties as Confluent's does, takes its id from one of
 * them rather than from a registry, and fails as Confluent's would at events with certain ids, and
 * at all messages while {@link #AWAY} is set.
 */
public final class StubSerializer implements Serializer<Message> {

  /** With the types that {@code AbstractKafkaSchemaSerDeConfig} of Confluent 8 gives them. */
  private static final ConfigDef CONFLUENTS =
      new ConfigDef()
          .define("schema.registry.url", Type.LIST, Importance.HIGH, "")
          .define("auto.register.schemas", Type.BOOLEAN, Importance.LOW, "")
          .define("use.latest.version", Type.BOOLEAN, Importance.LOW, "")
          .define("basic.auth.credentials.source", Type.STRING, "URL", Importance.LOW, "")
          .define("basic.auth.user.info", Type.PASSWORD, "", Importance.LOW, "")
          .define("http.connect.timeout.ms", Type.INT, Importance.LOW, "")
          .define("http.read.timeout.ms", Type.INT, Importance.LOW, "")
          .define("retries.wait.ms", Type.INT, Importance.LOW, "")
          .define("retries.max.wait.ms", Type.INT, Importance.LOW, "")
          .define("stub.id", Type.INT, Importance.LOW, "");

  /** Whether there is no registry now, for all instances: they are made by the class's name. */
  static final AtomicBoolean AWAY = new AtomicBoolean();

  private int id;

  /** As Confluent's client has one. */
  public static final class AnswerException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    AnswerException(int status, int code) {
      super("the registry's words; error code: " + code);
      this.status = status;
    }

    /** The HTTP status. */
    public int getStatus() {
      return status;
    }
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    id = (int) requireNonNull(CONFLUENTS.parse(configs).get("stub.id"));
  }

  @Override
  public byte[] serialize(String topic, Message message) {
    if (AWAY.get()) {
      fail("away");
    }
    if (message instanceof Event event) {
      fail(event.getEventId());
    }
    return new Frame(id, message.getDescriptorForType()).around(message);
  }

  private static void fail(String eventId) {
    switch (eventId) {
      case "401" ->
          throw new InvalidConfigurationException("the registry's words; error code: 401");
      case "42201" ->
          throw new SerializationException("registering", new AnswerException(422, 42201));
      case "50001" ->
          throw new SerializationException("registering", new AnswerException(500, 50001));
      case "away" ->
          throw new SerializationException("serializing", new ConnectException("refused"));
      case "rule" ->
          throw new SerializationException("serializing", new IllegalStateException("a rule"));
      default -> {}
    }
  }
}
