package io.jimbot.eventbus.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Impossible;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Stored;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Unavailable;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import io.jimbot.eventbus.wire.ValueFormat;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaLinkIT {

  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final TopicSettings TOPICS =
      new TopicSettings(
          "test",
          -1,
          0,
          new TopicShape(3, Duration.ofHours(1), DataSize.kibibytes(128)),
          new TopicShape(1, Duration.ofHours(1), DataSize.mebibytes(2)),
          new TopicShape(1, Duration.ofHours(1), DataSize.mebibytes(1)),
          new TopicShape(1, Duration.ofHours(1), DataSize.mebibytes(1)));

  @TempDir private Path directory;

  private int port;
  private KafkaLink link;

  @BeforeEach
  void startLink() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    PublishSettings settings =
        new PublishSettings(
            Duration.ofMillis(1),
            DataSize.kibibytes(64),
            "none",
            DataSize.mebibytes(1),
            DataSize.kibibytes(512),
            DELIVERY_TIMEOUT,
            Duration.ofSeconds(1),
            Duration.ofMillis(600),
            Duration.ofMillis(100),
            Duration.ofSeconds(2));
    link =
        new KafkaLink(
            "127.0.0.1:" + port,
            Map.of(),
            TOPICS,
            settings,
            ValueFormat.plain(Map.of()),
            new PrometheusRegistry());
    link.start();
  }

  @AfterEach
  void closeLink() {
    link.close();
  }

  private EmbeddedKafka startKafka() {
    return EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory).withPort(port));
  }

  private void awaitReady() {
    await().atMost(PATIENCE).until(() -> link.readiness().ready());
  }

  private CompletableFuture<PublishOutcome> publish(byte[] value) {
    CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
    var record = new ProducerRecord<byte[], byte[]>("test.events", new byte[] {1}, value);
    link.publisher()
        .publish(
            record,
            told -> {
              if (!outcome.complete(told)) {
                throw new AssertionError("told twice");
              }
            });
    return outcome;
  }

  private PublishOutcome published(byte[] value) throws Exception {
    return publish(value).get(DELIVERY_TIMEOUT.toSeconds() + 2, TimeUnit.SECONDS);
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static int partitions(Admin admin, String topic) throws Exception {
    var described = admin.describeTopics(List.of(topic)).allTopicNames().get().values();
    return described.iterator().next().partitions().size();
  }

  @Test
  void withoutKafkaRecordsAreRefusedAtOnceAndWithItTheyAreStored() throws Exception {
    CompletableFuture<PublishOutcome> refused = publish(new byte[10]);
    assertThat(refused).isCompletedWithValueMatching(Unavailable.class::isInstance);
    await().until(() -> !link.readiness().reason().equals("starting"));

    try (EmbeddedKafka kafka = startKafka()) {
      awaitReady();

      Stored first = (Stored) published(new byte[10]);
      assertThat(first).isEqualTo(new Stored("test.events", first.partition(), 0, false));
      assertThat(published(new byte[10]))
          .isEqualTo(new Stored("test.events", first.partition(), 1, false));
    }
  }

  @Test
  void missingTopicsAreMadeAndThoseThatExistAreLeftAlone() throws Exception {
    try (EmbeddedKafka kafka =
            EmbeddedKafka.start(
                EmbeddedKafkaSettings.in(directory)
                    .withPort(port)
                    .withBrokerOverrides(Map.of("auto.create.topics.enable", "false")));
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      awaitReady();
      assertThat(partitions(admin, "test.events")).isEqualTo(3);
      assertThat(partitions(admin, "test.dead-letters")).isEqualTo(1);

      admin.createTopics(List.of(new NewTopic("mine.events", 1, (short) 1))).all().get();
      TopicSettings others =
          new TopicSettings(
              "mine",
              -1,
              0,
              TOPICS.events(),
              TOPICS.deadLetters(),
              TOPICS.commands(),
              TOPICS.delayed());
      TopicProvisioner provisioner = new TopicProvisioner(TopicSpec.of(others));
      await().atMost(PATIENCE).until(() -> provisioner.provision(admin).isEmpty());
      assertThat(partitions(admin, "mine.events")).isEqualTo(1);
    }
  }

  @Test
  void aRecordThatIsTooLargeForTheClientOrForTheTopicIsImpossible() throws Exception {
    try (EmbeddedKafka kafka = startKafka()) {
      awaitReady();

      assertThat(published(noise(600_000))).isInstanceOf(Impossible.class);
      assertThat(published(noise(300_000)))
          .isInstanceOfSatisfying(
              Impossible.class, no -> assertThat(no.reason()).isEqualTo("record_too_large"));
      assertThat(published(noise(1_000))).isInstanceOf(Stored.class);
    }
  }

  @Test
  void aFullBufferRefusesAtOnceAndIsNoReasonToThinkKafkaAway() throws Exception {
    try (EmbeddedKafka kafka = startKafka()) {
      awaitReady();
      assertThat(published(new byte[1])).isInstanceOf(Stored.class);

      byte[] value = new byte[100_000];
      CompletableFuture<PublishOutcome> last = publish(value);
      for (int i = 0; i < 500 && !last.isDone(); i++) {
        last = publish(value);
      }

      assertThat(last.get(1, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              Unavailable.class, full -> assertThat(full.reason()).isEqualTo("buffer_full"));
      assertThat(link.readiness().ready()).isTrue();
      await().untilAsserted(() -> assertThat(published(value)).isInstanceOf(Stored.class));
    }
  }

  @Test
  void aKafkaThatStopsUnderLoadCostsQuickRefusalsAndItsReturnNeedsNoRestart() throws Exception {
    EmbeddedKafka kafka = startKafka();
    awaitReady();
    assertThat(published(new byte[100])).isInstanceOf(Stored.class);
    try (SteadyLoad load = new SteadyLoad(link.publisher(), "test.events")) {
      await().until(() -> load.stored() > 100);

      kafka.close();
      await().atMost(PATIENCE).until(() -> !link.readiness().ready());
      long refusedBefore = load.refused();
      await().until(() -> load.refused() > refusedBefore + 100);

      try (EmbeddedKafka again = startKafka()) {
        awaitReady();
        long storedBefore = load.stored();
        await().atMost(PATIENCE).until(() -> load.stored() > storedBefore + 100);
        load.finish();
        await().atMost(PATIENCE).until(() -> load.open() == 0);
      }
      assertThat(load.slowestCall()).isLessThan(Duration.ofMillis(500));
      assertThat(load.slowestAnswer()).isLessThan(DELIVERY_TIMEOUT.plusSeconds(2));
      assertThat(load.toldTwice()).isZero();
    }
  }

  @Test
  void onceClosedItRefusesAndWhatWasInFlightHasBeenStored() throws Exception {
    try (EmbeddedKafka kafka = startKafka()) {
      awaitReady();
      CompletableFuture<PublishOutcome> last = publish(new byte[10]);

      link.close();
      link.close();

      assertThat(last).isCompletedWithValueMatching(Stored.class::isInstance);
      assertThat(publish(new byte[10]).getNow(null))
          .isEqualTo(new Unavailable("stopping", "this gateway is shutting down"));
    }
  }
}
