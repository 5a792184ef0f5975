package io.jimbot.eventbus.wire;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The Confluent wire format: the topic's prefix and the message, in one array. Thread-safe. */
final class FramedFormat implements ValueFormat {

  private final Map<String, Descriptor> topics = new HashMap<>();
  private final SchemaFrames frames;
  private final RegistryWatch watch;

  FramedFormat(SchemaRegistrySettings settings, Map<String, Message> topics) {
    topics.forEach((topic, message) -> this.topics.put(topic, message.getDescriptorForType()));
    this.frames = SchemaFrames.of(new RegistryProperties(settings.serializerProperties()));
    this.watch = new RegistryWatch(frames::verify, settings.checkInterval());
  }

  @Override
  public void start() {
    watch.start();
  }

  @Override
  public void prepare() throws RegistryException {
    for (Map.Entry<String, Descriptor> topic : topics.entrySet()) {
      Frame unused = frames.of(topic.getKey(), topic.getValue());
    }
  }

  @Override
  public Serializer<byte[]> serializer() {
    return new FramingSerializer();
  }

  @Override
  public RegistryState registry() {
    return frames.state();
  }

  @Override
  public void close() {
    watch.close();
  }

  private final class FramingSerializer implements Serializer<byte[]> {

    @Override
    public byte @Nullable [] serialize(String topic, byte @Nullable [] message) {
      return serialize(topic, new RecordHeaders(), message);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, byte @Nullable [] message) {
      Descriptor type = topics.get(topic);
      if (type == null || message == null || ConfluentFrame.isFramed(message)) {
        return message;
      }
      try {
        Frame frame = frames.of(topic, type);
        frame.label(headers);
        return frame.around(message);
      } catch (RegistryException e) {
        throw new SerializationException("no schema for " + topic + ": " + e.getMessage(), e);
      }
    }
  }
}
