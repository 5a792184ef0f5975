package io.jimbot.eventbus.bench;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import java.nio.file.Path;
import java.util.Map;

/** The broker in a JVM of its own, so that its cost is apart. */
public final class BrokerMain {

  /** Keeps the disk from filling: old records go, as a passage of minutes leaves gigabytes. */
  private static final Map<String, String> BOUNDED =
      Map.of("log.retention.bytes", "268435456", "log.segment.bytes", "67108864");

  private BrokerMain() {}

  /** Takes the data directory. */
  public static void main(String[] arguments) throws Exception {
    try (EmbeddedKafka kafka =
        EmbeddedKafka.start(
            EmbeddedKafkaSettings.in(Path.of(arguments[0])).withBrokerOverrides(BOUNDED))) {
      ChildJvm.serve(kafka.bootstrapServers());
    }
  }
}
