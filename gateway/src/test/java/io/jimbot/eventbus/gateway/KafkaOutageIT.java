package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import io.jimbot.events.v1.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka goes away under load and comes back. */
class KafkaOutageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The delivery timeout of the gateway under test, and some for a busy machine. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(8);

  /** For 99 of 100 answers of a gateway that knows that Kafka is away. */
  private static final Duration PROMPT_ANSWER = Duration.ofSeconds(1);

  @TempDir private Path directory;

  @Test
  void answersStayHonestAndBoundedAndEveryAcknowledgedEventIsThereAfterwards() throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory));
    GatewayConfiguration configuration =
        TestGateway.configuration(Map.of("bootstrapServers", kafka.bootstrapServers()));
    try (GatewayServer gateway = GatewayServer.start(configuration)) {
      TestGateway.awaitReady(gateway);
      try (BatchLoad load = new BatchLoad(gateway.httpPort())) {
        await().atMost(PATIENCE).until(() -> load.acknowledgedEvents().size() > 500);

        int port = kafka.port();
        kafka.close();
        TestGateway.awaitNotReady(gateway);
        load.busIsAway(true);
        await().atMost(PATIENCE).until(() -> load.answersWhileAway().size() > 200);
        load.busIsAway(false);
        int duringTheOutage = load.acknowledgedEvents().size();
        kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory).withPort(port));
        await()
            .atMost(PATIENCE)
            .until(() -> load.acknowledgedEvents().size() > duringTheOutage + 500);
        load.finish();

        assertThat(load.otherAnswers()).isEmpty();
        assertThat(load.unavailableAnswers()).isGreaterThan(200);
        assertThat(load.slowestAnswer()).isLessThan(LONGEST_ANSWER);
        assertThat(slowestOf99Percent(load.answersWhileAway())).isLessThan(PROMPT_ANSWER);
        assertThat(storedEvents(kafka)).containsAll(load.acknowledgedEvents());
      }
    } finally {
      kafka.close();
    }
  }

  private static Duration slowestOf99Percent(List<Duration> times) {
    return times.stream().sorted().toList().get(times.size() * 99 / 100 - 1);
  }

  private static Set<String> storedEvents(EmbeddedKafka kafka) throws Exception {
    Set<String> ids = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record :
        EventLog.read(kafka.bootstrapServers(), "jimbot.events")) {
      ids.add(Event.parseFrom(record.value()).getEventId());
    }
    return ids;
  }
}
