package io.jimbot.eventbus.wire;

import static java.util.Objects.requireNonNull;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The format of another serializer, which the settings name: Confluent's own, for those who have
 * it. It takes messages, so that each is parsed for it. The registry's state is what the last
 * values brought. Topics whose last value was not written are asked for again every {@code
 * checkInterval}, once the breaker's pause is over: the next value of a rare one may be weeks away.
 * While all are written nobody asks. Thread-safe, if the other is.
 */
final class ForeignFormat implements ValueFormat {

  private static final Logger LOG = LoggerFactory.getLogger(ForeignFormat.class);

  private final Map<String, Message> topics;
  private final RegistryBreaker breaker;
  private final Serializer<Message> foreign;
  private final RegistryWatch watch;

  /**
   * The topics whose last value was not written: another's success, out of a cache perhaps, says
   * nothing of theirs. A topic comes in after the breaker has its failure and goes out before it
   * has the success, so that no failure stays there which nobody asks about.
   */
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  ForeignFormat(SchemaRegistrySettings settings, Map<String, Message> topics) {
    Map<String, Object> properties = settings.serializerProperties();
    this.topics = Map.copyOf(topics);
    this.breaker = RegistryBreaker.of(new RegistryProperties(properties));
    this.foreign = settings.newSerializer();
    this.foreign.configure(properties, false);
    this.watch = new RegistryWatch(this::askAgain, settings.checkInterval());
  }

  @Override
  public void start() {
    watch.start();
  }

  /** Lets it fill its caches, and shows whether it can. */
  @Override
  public void prepare() throws RegistryException {
    ask(topics.keySet());
  }

  /** One question for all: the first one's success says nothing of the second. */
  private void ask(Set<String> asked) throws RegistryException {
    boolean unused = breaker.guard(() -> tried(asked));
  }

  private boolean tried(Set<String> asked) throws RegistryException {
    for (String topic : asked) {
      byte[] unused = tried(topic);
    }
    return failing.removeAll(asked);
  }

  private void askAgain() {
    Set<String> asked = Set.copyOf(failing);
    if (asked.isEmpty()) {
      return;
    }
    try {
      ask(asked);
    } catch (RegistryException e) {
      failing.addAll(asked);
      LOG.debug("schema registry not there for topics={} error={}", asked, e.getMessage());
    }
  }

  private byte[] tried(String topic) throws RegistryException {
    try {
      Message message = requireNonNull(topics.get(topic)).getDefaultInstanceForType();
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
      breaker.failed(told);
      failing.add(topic);
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
    watch.close();
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
