package io.jimbot.eventbus.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from values in either form, plain or in the Confluent wire format, whoever wrote
 * them; asks no registry, for it knows what it reads. Thread-safe.
 *
 * @param <M> the message
 */
public final class ProtobufDeserializer<M extends MessageLite> implements Deserializer<M> {

  private final Parser<M> parser;

  /** For messages of that parser. */
  public ProtobufDeserializer(Parser<M> parser) {
    this.parser = parser;
  }

  @Override
  public @Nullable M deserialize(String topic, byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    try {
      return parser.parseFrom(ConfluentFrame.message(value));
    } catch (InvalidProtocolBufferException e) {
      throw new SerializationException("a value of " + topic + " is not readable: " + e, e);
    }
  }
}
