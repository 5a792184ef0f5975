package io.jimbot.eventbus.wire;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frames of topics' messages, by the ids that the registry gave. What is known is found without
 * waiting and stays known whatever becomes of the registry; what is not is asked for by one thread
 * at a time, behind the breaker. Thread-safe.
 */
final class SchemaFrames {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaFrames.class);

  private final SchemaRegistry registry;
  private final RegistryBreaker breaker;
  private final Map<String, Map<Descriptor, Frame>> known = new ConcurrentHashMap<>();
  private final Object asking = new Object();

  SchemaFrames(SchemaRegistry registry, RegistryBreaker breaker) {
    this.registry = registry;
    this.breaker = breaker;
  }

  static SchemaFrames of(RegistryProperties properties) {
    return new SchemaFrames(new SchemaRegistry(properties), RegistryBreaker.of(properties));
  }

  /**
   * The frame of a message type in a topic. Blocks only the first time.
   *
   * @throws RegistryException if it is not known, and the registry does not tell
   */
  Frame of(String topic, Descriptor message) throws RegistryException {
    Frame frame = find(topic, message);
    return frame != null ? frame : ask(topic, message);
  }

  private @Nullable Frame find(String topic, Descriptor message) {
    Map<Descriptor, Frame> ofTopic = known.get(topic);
    return ofTopic == null ? null : ofTopic.get(message);
  }

  private Frame ask(String topic, Descriptor message) throws RegistryException {
    synchronized (asking) {
      Frame found = find(topic, message);
      return found != null ? found : breaker.guard(() -> learn(topic, message));
    }
  }

  private Frame learn(String topic, Descriptor message) throws RegistryException {
    Frame frame = new Frame(id(topic, message), message);
    keep(topic, message, frame);
    LOG.info("schema known topic={} id={}", topic, frame.schemaId());
    return frame;
  }

  private int id(String topic, Descriptor message) throws RegistryException {
    return registry.idOf(topic + "-value", message.getFile());
  }

  private void keep(String topic, Descriptor message, Frame frame) {
    known.computeIfAbsent(topic, unused -> new ConcurrentHashMap<>()).put(message, frame);
  }

  /**
   * Asks the registry for the ids again and takes those that it has now: it may have lost what it
   * had, and given the ids to others. Blocks; a failure shows in the breaker's state, and changes
   * nothing.
   */
  void verify() {
    synchronized (asking) {
      try {
        for (Map.Entry<String, Map<Descriptor, Frame>> topic : known.entrySet()) {
          for (Map.Entry<Descriptor, Frame> entry : topic.getValue().entrySet()) {
            verify(topic.getKey(), entry.getKey(), entry.getValue());
          }
        }
      } catch (RegistryException e) {
        LOG.debug("schema registry not verified error={}", e.getMessage());
      }
    }
  }

  private void verify(String topic, Descriptor message, Frame frame) throws RegistryException {
    int id = breaker.guard(() -> id(topic, message));
    if (id != frame.schemaId()) {
      keep(topic, message, new Frame(id, message));
      LOG.warn(
          "schema registry has another id topic={} old_id={} id={}", topic, frame.schemaId(), id);
    }
  }

  RegistryState state() {
    return breaker.state();
  }
}
