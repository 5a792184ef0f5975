package io.jimbot.eventbus.wire;

import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Plain Protobuf: a value is the message, not even copied. Immutable. */
final class PlainFormat implements ValueFormat, Serializer<byte[]> {

  private final Map<String, Header> contentTypes = new HashMap<>();

  PlainFormat(Map<String, Message> topics) {
    topics.forEach(
        (topic, message) ->
            contentTypes.put(
                topic, ContentTypes.header(ContentTypes.plain(message.getDescriptorForType()))));
  }

  @Override
  public byte @Nullable [] serialize(String topic, byte @Nullable [] message) {
    return message;
  }

  @Override
  public byte @Nullable [] serialize(String topic, Headers headers, byte @Nullable [] message) {
    Header contentType = contentTypes.get(topic);
    if (contentType != null) {
      ContentTypes.set(contentType, headers);
    }
    return message;
  }

  @Override
  public void start() {}

  @Override
  public void prepare() {}

  @Override
  public Serializer<byte[]> serializer() {
    return this;
  }

  @Override
  public @Nullable RegistryState registry() {
    return null;
  }

  @Override
  public void close() {}
}
