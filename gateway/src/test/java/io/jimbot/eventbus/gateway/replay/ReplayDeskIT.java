package io.jimbot.eventbus.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.ReplayRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway knows of replays after it was away. */
@Timeout(120)
class ReplayDeskIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TopicPartition REPLAYS = new TopicPartition("t.replays", 0);

  @TempDir private Path directory;

  private final ReplayRecords records = new ReplayRecords(REPLAYS.topic());

  private static ReplayRequest request(String id) {
    return ReplayRequest.newBuilder()
        .setReplayId(id)
        .addTopics("**")
        .setOwnTopic(true)
        .setCreatedAt(Times.timestamp(Instant.now()))
        .build();
  }

  private static Map<String, Object> properties(TestKafka kafka) {
    return Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "none");
  }

  private static Consumer<byte[], byte[]> newConsumer(TestKafka kafka) {
    return new KafkaConsumer<>(
        properties(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Test
  void aReplayThatWasDeletedWhileTheGatewayWasAwayForLongIsNotShownAnyMore() throws Exception {
    AtomicReference<Duration> away = new AtomicReference<>(Duration.ZERO);
    InstantSource time = () -> Instant.now().plus(away.get());
    try (TestKafka kafka = TestKafka.start(directory);
        Admin admin = Admin.create(properties(kafka));
        Producer<byte[], byte[]> producer =
            new KafkaProducer<>(
                properties(kafka), new ByteArraySerializer(), new ByteArraySerializer());
        ReplayDesk desk =
            new ReplayDesk(
                new ReplaySettings(10, 100, Duration.ofHours(24), Duration.ofDays(30)),
                REPLAYS.topic(),
                (record, callback) -> {},
                () -> newConsumer(kafka),
                time.withZone(ZoneOffset.UTC))) {
      admin.createTopics(List.of(new NewTopic(REPLAYS.topic(), 1, (short) 1))).all().get();
      producer.send(records.of(0, request("gone"))).get();
      desk.start();
      await().atMost(PATIENCE).until(() -> desk.find("gone") != null);
      // As compaction leaves it in the end: neither the replay nor what said that it was deleted.
      admin.deleteRecords(Map.of(REPLAYS, RecordsToDelete.beforeOffset(1))).all().get();
      producer.send(records.of(0, request("kept"))).get();
      await().atMost(PATIENCE).until(() -> desk.find("kept") != null);
      assertThat(desk.find("gone")).isNotNull();

      away.set(Duration.ofHours(25));

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(desk.all()).extracting(Replay::id).containsExactly("kept"));
      await().atMost(PATIENCE).until(desk::isReady);
    }
  }
}
