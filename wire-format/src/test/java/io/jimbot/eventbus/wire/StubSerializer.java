package io.jimbot.eventbus.wire;

import com.google.protobuf.Message;
import java.util.Map;
import org.apache.kafka.common.serialization.Serializer;

/** Somebody else's serializer: takes its id from a property rather than from a registry. */
public final class StubSerializer implements Serializer<Message> {

  private int id;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    id = Integer.parseInt(String.valueOf(configs.get("stub.id")));
  }

  @Override
  public byte[] serialize(String topic, Message message) {
    return new Frame(id, message.getDescriptorForType()).around(message);
  }
}
