package io.jimbot.eventbus.testing.kafka;

import java.util.Locale;
import java.util.Map;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A container, with what one node needs and the broker in the JVM has too. */
final class ContainerKafka implements TestKafka {

  private static final Map<String, String> ONE_NODE =
      Map.of(
          "auto.create.topics.enable", "false",
          "default.replication.factor", "1",
          "offsets.topic.num.partitions", "4",
          "transaction.state.log.num.partitions", "4",
          "share.coordinator.state.topic.replication.factor", "1",
          "share.coordinator.state.topic.min.isr", "1",
          "share.coordinator.state.topic.num.partitions", "4",
          "message.max.bytes", Integer.toString(16 << 20));

  private final KafkaContainer container;

  ContainerKafka(String image, Map<String, String> brokerOverrides) {
    container =
        new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"));
    ONE_NODE.forEach(this::set);
    brokerOverrides.forEach(this::set);
    container.start();
  }

  /** As the image takes them. */
  private void set(String property, String value) {
    String variable = "KAFKA_" + property.toUpperCase(Locale.ROOT).replace('.', '_');
    container.addEnv(variable, value);
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }

  @Override
  public void close() {
    container.stop();
  }
}
