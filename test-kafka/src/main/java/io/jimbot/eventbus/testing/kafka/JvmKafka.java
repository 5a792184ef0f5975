package io.jimbot.eventbus.testing.kafka;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import java.nio.file.Path;
import java.util.Map;

/** The broker in this JVM. */
final class JvmKafka implements TestKafka {

  private final EmbeddedKafka kafka;

  JvmKafka(Path directory, Map<String, String> brokerOverrides) {
    kafka =
        EmbeddedKafka.start(
            EmbeddedKafkaSettings.in(directory).withBrokerOverrides(brokerOverrides));
  }

  @Override
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  @Override
  public void close() {
    kafka.close();
  }
}
