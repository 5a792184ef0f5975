package io.jimbot.eventbus.gateway;

import static io.jimbot.eventbus.gateway.GatewaysUnderTest.numbers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that came again for one group only, and what a transaction took back. */
class ForGroupIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path directory;
  private static TestKafka kafka;

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @Test
  void anEventForOneGroupComesToThatGroupAndToNobodyElse() throws Exception {
    try (GatewaysUnderTest gateways =
        new GatewaysUnderTest(kafka.bootstrapServers(), "for-group", Map.of())) {
      GatewayServer gateway = gateways.start();
      ManagedChannel channel = gateways.connect(gateway);
      TestMember failed = new TestMember(channel, "failed", d -> true);
      TestMember other = new TestMember(channel, "other", d -> true);
      TestMember queue =
          new TestMember(
              channel,
              TestMember.asking("queue", SubscriptionMode.SUBSCRIPTION_MODE_QUEUE, 100).build(),
              d -> true);
      TestMember tail =
          new TestMember(
              channel,
              Subscription.newBuilder()
                  .addTopics("**")
                  .setStart(StartPosition.newBuilder().setEarliest(true))
                  .build(),
              d -> true);
      List<TestMember> all = List.of(failed, other, queue, tail);
      await().atMost(PATIENCE).until(() -> all.stream().allMatch(m -> m.started));

      write(gateways.log(), 1, "failed");
      write(gateways.log(), 2, "queue");
      write(gateways.log(), 3, null);

      await().atMost(PATIENCE).until(() -> all.stream().allMatch(m -> numbers(m).contains(3L)));
      assertThat(numbers(failed)).isEqualTo(Set.of(1L, 3L));
      assertThat(numbers(queue)).isEqualTo(Set.of(2L, 3L));
      assertThat(numbers(other)).isEqualTo(Set.of(3L));
      assertThat(numbers(tail)).isEqualTo(Set.of(3L));
      assertThat(get(gateway, "/api/v1/events"))
          .contains("\"e-3\"")
          .doesNotContain("\"e-1\"", "\"e-2\"");
      assertThat(
              new MetricsPage(get(gateway, "/metrics").getBytes(UTF_8))
                  .sums("eventbus_group_redriven_total", "addressed"))
          .isEqualTo(Map.of("true", 1.0, "false", 3.0));
    }
  }

  private static String get(GatewayServer gateway, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + gateway.httpPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Twice, and the first time is taken back. */
  private static void write(String log, int number, @Nullable String group) {
    Event event =
        Event.newBuilder()
            .setEventId("e-" + number)
            .setEventType("TEST_STEP")
            .setSequenceNumber(number)
            .build();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "test"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      var taken =
          producer.send(record(log, event.toBuilder().setSequenceNumber(-number).build(), group));
      producer.flush();
      producer.abortTransaction();
      assertThat(taken).isDone();
      producer.beginTransaction();
      var kept = producer.send(record(log, event, group));
      producer.commitTransaction();
      assertThat(kept).isDone();
    }
  }

  private static ProducerRecord<byte[], byte[]> record(
      String log, Event event, @Nullable String group) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(log, 0, "game-1".getBytes(UTF_8), event.toByteArray());
    record.headers().add(HeaderNames.EVENT_TYPE, event.getEventType().getBytes(UTF_8));
    record.headers().add(HeaderNames.TOPIC, "custom.test_step".getBytes(UTF_8));
    if (group != null) {
      record.headers().add(HeaderNames.FOR_GROUP, group.getBytes(UTF_8));
    }
    return record;
  }
}
