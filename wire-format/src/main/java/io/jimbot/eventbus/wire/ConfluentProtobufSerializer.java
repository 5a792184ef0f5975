package io.jimbot.eventbus.wire;

import com.google.protobuf.Message;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages in the Confluent wire format, and says so in the header {@code content-type}. To
 * be configured like Confluent's own serializer: {@code schema.registry.url}, {@code
 * auto.register.schemas}, {@code use.latest.version}, {@code basic.auth.user.info}, {@code
 * schema.registry.ssl.*}; only the TopicNameStrategy is known. The registry is asked once for each
 * topic and type of message, which blocks; nothing else does. Thread-safe once it is configured.
 *
 * @param <M> the messages; their schema files must be resources
 */
public final class ConfluentProtobufSerializer<M extends Message> implements Serializer<M> {

  private @Nullable SchemaFrames frames;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    if (isKey) {
      throw new IllegalArgumentException("this serializer is for values");
    }
    frames = SchemaFrames.of(new RegistryProperties(configs));
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable M message) {
    return message == null ? null : frame(topic, message).around(message);
  }

  @Override
  public byte @Nullable [] serialize(String topic, Headers headers, @Nullable M message) {
    if (message == null) {
      return null;
    }
    Frame frame = frame(topic, message);
    if (headers != null) {
      frame.label(headers);
    }
    return frame.around(message);
  }

  private Frame frame(String topic, M message) {
    SchemaFrames configured = frames;
    if (configured == null) {
      throw new IllegalStateException("the serializer is not configured");
    }
    try {
      return configured.of(topic, message.getDescriptorForType());
    } catch (RegistryException e) {
      throw new SerializationException("no schema for " + topic + ": " + e.getMessage(), e);
    }
  }
}
