package io.jimbot.eventbus.processor.retention;

import static io.jimbot.eventbus.processor.TestKafka.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.processor.ProcessorServer;
import io.jimbot.eventbus.processor.TestKafka;
import io.jimbot.eventbus.processor.kafka.PartReadiness;
import io.jimbot.eventbus.processor.topology.TestEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.AlterConfigPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka whose administrator does not let the processor change topics. */
@Timeout(180)
class RefusedChangeIT {

  private static final String HOURS_2 = Long.toString(Duration.ofHours(2).toMillis());

  @TempDir private Path directory;

  /** For the broker, which makes one by itself. */
  public static final class NoChange implements AlterConfigPolicy {

    @Override
    public void validate(RequestMetadata change) {
      if (HOURS_2.equals(change.configs().get("retention.ms"))) {
        throw new PolicyViolationException("not in this house");
      }
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {}
  }

  @Test
  void eventsAreKeptAlsoWhereKafkaRefusesToChangeATopic() throws Exception {
    Path catalogue = Files.writeString(directory.resolve("catalogue.yaml"), "types: {}\n");
    Map<String, String> policy = Map.of("alter.config.policy.class.name", NoChange.class.getName());
    try (TestKafka kafka =
        new TestKafka(
            io.jimbot.eventbus.testing.kafka.TestKafka.startInJvm(
                directory.resolve("kafka"), policy))) {
      Map<String, Object> configuration = new HashMap<>(kafka.settings(directory.resolve("state")));
      configuration.put("retention.catalogue", catalogue.toString());
      start(configuration).close();

      Files.writeString(catalogue, "classes: {ephemeral: {time: 2h}}\n");
      try (ProcessorServer processor = start(configuration)) {
        kafka.log(List.of(TestEvent.of("HEARTBEAT", "h").at(Instant.now())));
        kafka.await(TOPICS.ofClass("ephemeral"), records -> records.size() == 1);
        assertThat(processor.readiness().get("retention")).isEqualTo(PartReadiness.READY);
      }
    }
  }

  private static ProcessorServer start(Map<String, Object> configuration) throws Exception {
    ProcessorServer processor =
        ProcessorServer.start(ProcessorConfiguration.load(null, configuration));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> PartReadiness.READY.equals(processor.readiness().get("retention")));
    return processor;
  }
}
