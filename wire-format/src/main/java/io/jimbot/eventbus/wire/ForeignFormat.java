package io.jimbot.eventbus.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The format of another serializer, which the settings name: Confluent's own, for those who have
 * it. It takes messages, so that each is parsed for it. The registry's state is what the last
 * values brought, for nobody else asks it: while nothing is written, nothing changes. Thread-safe,
 * if the other is.
 */
final class ForeignFormat implements ValueFormat {

  private final Map<String, Message> topics;
  private final RegistryBreaker breaker;
  private final Serializer<Message> foreign;

  /**
   * The topics whose last value was not written: another's success, out of a cache perhaps, says
   * nothing of theirs.
   */
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  ForeignFormat(SchemaRegistrySettings settings, Map<String, Message> topics) {
    Map<String, Object> properties = settings.serializerProperties();
    this.topics = Map.copyOf(topics);
    this.breaker = RegistryBreaker.of(new RegistryProperties(properties));
    this.foreign = settings.newSerializer();
    this.foreign.configure(properties, false);
  }

  /** It watches what it needs itself. */
  @Override
  public void start() {}

  /** Lets it fill its caches, and shows whether it can. */
  @Override
  public void prepare() throws RegistryException {
    for (Map.Entry<String, Message> topic : topics.entrySet()) {
      byte[] unused =
          breaker.guard(() -> tried(topic.getKey(), topic.getValue().getDefaultInstanceForType()));
    }
    failing.clear();
  }

  private byte[] tried(String topic, Message message) throws RegistryException {
    try {
      return foreign.serialize(topic, new RecordHeaders(), message);
    } catch (RuntimeException e) {
      RegistryException told = ForeignFailure.of(topic, e);
      throw told != null
          ? told
          : RegistryException.unreachable(ForeignFailure.message(topic, e), e);
    }
  }

  private byte[] written(String topic, Headers headers, Message message) {
    try {
      byte[] value = foreign.serialize(topic, headers, message);
      if (!failing.isEmpty() && failing.remove(topic) && failing.isEmpty()) {
        breaker.succeeded();
      }
      return value;
    } catch (RuntimeException e) {
      RegistryException told = ForeignFailure.of(topic, e);
      if (told == null) {
        throw e;
      }
      failing.add(topic);
      breaker.failed(told);
      throw new SerializationException("no schema for " + topic + ": " + told.getMessage(), told);
    }
  }

  @Override
  public Serializer<byte[]> serializer() {
    return new ParsingSerializer();
  }

  @Override
  public RegistryState registry() {
    return breaker.state();
  }

  @Override
  public void close() {
    foreign.close();
  }

  private final class ParsingSerializer implements Serializer<byte[]> {

    @Override
    public byte @Nullable [] serialize(String topic, byte @Nullable [] message) {
      return serialize(topic, new RecordHeaders(), message);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, byte @Nullable [] message) {
      Message type = topics.get(topic);
      if (type == null || message == null || ConfluentFrame.isFramed(message)) {
        return message;
      }
      try {
        byte[] value = written(topic, headers, type.getParserForType().parseFrom(message));
        ContentTypes.set(
            ContentTypes.header(ContentTypes.confluent(type.getDescriptorForType())), headers);
        return value;
      } catch (InvalidProtocolBufferException e) {
        throw new SerializationException("not a message of " + topic, e);
      }
    }
  }
}
