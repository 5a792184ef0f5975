package io.jimbot.eventbus.wire;

import com.google.protobuf.Message;
import java.util.Map;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a service writes the values of its topics, behind Kafka's own interface for
 * that: {@link #serializer} goes into the producer, takes messages that are encoded, and says in
 * the header {@code content-type} what became of them. Thread-safe; whoever makes it closes it.
 */
public interface ValueFormat extends AutoCloseable {

  /**
   * The format that the settings ask for. Does no I/O.
   *
   * @param topics the Kafka topics, and of each an instance of the messages that it holds
   */
  static ValueFormat of(SchemaRegistrySettings settings, Map<String, Message> topics) {
    if (!settings.isOn()) {
      return plain(topics);
    }
    return settings.isOwnSerializer()
        ? new FramedFormat(settings, topics)
        : new ForeignFormat(settings, topics);
  }

  /** Plain Protobuf. */
  static ValueFormat plain(Map<String, Message> topics) {
    return new PlainFormat(topics);
  }

  /** Starts the thread that watches the registry, if there is one. */
  void start();

  /**
   * Makes sure that all topics can be written. Blocks while the registry is asked; cheap once it
   * has succeeded. Nothing may be serialized before.
   *
   * @throws RegistryException if the registry does not answer, or does not let that be
   */
  void prepare() throws RegistryException;

  /**
   * Never waits once {@link #prepare} has succeeded. Values of other topics stay as they are, as do
   * those that have a frame, and none.
   */
  Serializer<byte[]> serializer();

  /** How the registry is; null if none is configured. */
  @Nullable RegistryState registry();

  /** Ends the thread. May be called twice. */
  @Override
  void close();
}
