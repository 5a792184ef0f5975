package io.jimbot.eventbus.testing.kafka;

import java.nio.file.Path;
import java.util.Map;

/**
 * A Kafka of one node, for the tests of a class: the broker in this JVM, or, with the system
 * property {@value #CONTAINER_IMAGE}, a container of that image, which needs a Docker engine. Tests
 * that kill a broker, or need it on the same port and data again, take the one in the JVM directly.
 * Whoever starts it closes it.
 */
public interface TestKafka extends AutoCloseable {

  /** Names the image, for example {@code apache/kafka:4.3.1}; absent or empty for none. */
  String CONTAINER_IMAGE = "test.kafka.image";

  /**
   * Settings of a broker that tells members of groups and share groups within half a second, and
   * not within five, what has changed.
   */
  Map<String, String> QUICK_GROUPS =
      Map.of(
          "group.consumer.min.heartbeat.interval.ms", "500",
          "group.consumer.heartbeat.interval.ms", "500",
          "group.share.min.heartbeat.interval.ms", "500",
          "group.share.heartbeat.interval.ms", "500");

  /** What a client needs as {@code bootstrap.servers}. */
  String bootstrapServers();

  @Override
  void close();

  /**
   * Starts one, and returns when it serves clients.
   *
   * @param directory where the one in the JVM keeps its data
   */
  static TestKafka start(Path directory) {
    return start(directory, Map.of());
  }

  /** The same with settings of the broker. */
  static TestKafka start(Path directory, Map<String, String> brokerOverrides) {
    String image = System.getProperty(CONTAINER_IMAGE, "");
    return image.isEmpty()
        ? startInJvm(directory, brokerOverrides)
        : new ContainerKafka(image, brokerOverrides);
  }

  /** The one in this JVM whatever the property says, for settings that name classes of the test. */
  static TestKafka startInJvm(Path directory, Map<String, String> brokerOverrides) {
    return new JvmKafka(directory, brokerOverrides);
  }
}
