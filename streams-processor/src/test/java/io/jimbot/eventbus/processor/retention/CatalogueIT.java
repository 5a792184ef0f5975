package io.jimbot.eventbus.processor.retention;

import static io.jimbot.eventbus.processor.TestKafka.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.processor.ProcessorServer;
import io.jimbot.eventbus.processor.TestKafka;
import io.jimbot.eventbus.processor.kafka.PartReadiness;
import io.jimbot.eventbus.processor.topology.TestEvent;
import io.jimbot.eventbus.service.record.OriginalPosition;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue on a live broker: applied, changed, applied again, refused. */
@Timeout(180)
class CatalogueIT {

  private static final String HOURS_2 = Long.toString(Duration.ofHours(2).toMillis());
  private static final String HOUR = Long.toString(Duration.ofHours(1).toMillis());

  @TempDir private Path directory;

  private TestKafka kafka;
  private Admin admin;
  private Path catalogue;

  @BeforeEach
  void start() throws Exception {
    kafka = new TestKafka(directory.resolve("kafka"));
    admin = kafka.admin();
    catalogue = Files.writeString(directory.resolve("catalogue.yaml"), "types: {}\n");
  }

  @AfterEach
  void stop() {
    admin.close();
    kafka.close();
  }

  @Test
  void itIsAppliedAtTheStartAndAgainWhenItChanges() throws Exception {
    try (ProcessorServer processor = processor(Map.of())) {
      awaitReady(processor);
      assertThat(setting("ephemeral", "retention.ms")).isEqualTo(HOUR);
      assertThat(setting("ephemeral", "cleanup.policy")).isEqualTo("delete");
      assertThat(config(TOPICS.gamesLatest(), "cleanup.policy")).isEqualTo("compact");
      assertThat(partitions("standard")).isEqualTo(8);

      change("classes: {ephemeral: {time: 2h}}");
      await().until(() -> setting("ephemeral", "retention.ms").equals(HOURS_2));
    }
  }

  @Test
  void aNewClassIsThereBeforeTheFirstEventOfIt() throws Exception {
    try (ProcessorServer processor = processor(Map.of())) {
      awaitReady(processor);
      change(
          """
          classes:
            brief: {time: 10m, size: 1MiB, cleanup: delete, partitions: 2, maxMessageSize: 64KiB}
          topics: {"custom.**": brief}
          """);
      await().until(() -> admin.listTopics().names().get().contains(TOPICS.ofClass("brief")));
      assertThat(partitions("brief")).isEqualTo(2);

      await()
          .untilAsserted(
              () -> {
                kafka.log(
                    List.of(
                        TestEvent.of("FOO", "foo" + Instant.now().toEpochMilli())
                            .at(Instant.now())));
                assertThat(kafka.read(TOPICS.ofClass("brief"))).isNotEmpty();
              });
    }
  }

  @Test
  void theEventsOfACompactedClassStayInTheLogsPartitionsInItsOrder() throws Exception {
    change(
        """
        classes:
          snapshots: {time: 1h, size: 1MiB, cleanup: compact, partitions: 4, maxMessageSize: 64KiB}
        topics: {"custom.**": snapshots}
        """);
    try (ProcessorServer processor = processor(Map.of())) {
      awaitReady(processor);
      List<TestEvent> events =
          IntStream.range(0, 40)
              .mapToObj(
                  i ->
                      TestEvent.of(i % 2 == 0 ? "FOO" : "BAR", "e" + i)
                          .stateOf("game" + i % 5, i)
                          .at(Instant.now()))
              .toList();
      kafka.log(events);
      List<ConsumerRecord<byte[], byte[]>> kept =
          kafka.await(TOPICS.ofClass("snapshots"), records -> records.size() == 40);

      assertThat(partitions("snapshots")).isEqualTo(TestKafka.PARTITIONS);
      assertThat(kept)
          .allSatisfy(
              record ->
                  assertThat(OriginalPosition.of(record).partition())
                      .isEqualTo(record.partition()));
      assertThat(kept.stream().map(record -> new String(record.key(), UTF_8)).distinct())
          .hasSize(10)
          .contains("FOO/game0", "BAR/game0");
    }
  }

  @Test
  void whereAChangeFromCompactionIsRefusedTheNewestOfEachTypeIsKeptAsBefore() throws Exception {
    String snapshots =
        """
        classes:
          snapshots: {time: 1h, size: 1MiB, cleanup: %s, partitions: 4, maxMessageSize: 64KiB}
        topics: {"custom.**": snapshots}
        """;
    change(snapshots.formatted("compact"));
    try (ProcessorServer processor = processor(Map.of())) {
      awaitReady(processor);
      change(snapshots.formatted("delete"));
      await()
          .untilAsserted(
              () ->
                  assertThat(metrics(processor))
                      .contains(
                          "eventbus_retention_drift{setting=\"cleanup.policy\",topic=\"t.events.snapshots\"} 1.0"));
      kafka.log(List.of(TestEvent.of("FOO", "e").at(Instant.now())));

      assertThat(kafka.await(TOPICS.ofClass("snapshots"), records -> records.size() == 1))
          .extracting(record -> new String(record.key(), UTF_8))
          .containsExactly("FOO/sender");
      assertThat(setting("snapshots", "cleanup.policy")).isEqualTo("compact");
    }
  }

  @Test
  void aChangeThatWouldDeleteDataIsRefusedWithTheReasonAndTheRestIsApplied() throws Exception {
    change("classes: {ephemeral: {time: 2h}}");
    try (ProcessorServer processor = processor(Map.of())) {
      awaitReady(processor);
      assertThat(setting("ephemeral", "retention.ms")).isEqualTo(HOURS_2);

      change(
          """
          classes:
            ephemeral: {time: 1h, maxMessageSize: 2MiB}
            standard: {cleanup: compact_delete, partitions: 16}
          """);
      await().until(() -> setting("ephemeral", "max.message.bytes").equals("2097152"));

      assertThat(setting("ephemeral", "retention.ms")).isEqualTo(HOURS_2);
      assertThat(setting("standard", "cleanup.policy")).isEqualTo("delete");
      assertThat(partitions("standard")).isEqualTo(8);
      await()
          .untilAsserted(
              () ->
                  assertThat(metrics(processor))
                      .contains(
                          "eventbus_retention_drift{setting=\"retention.ms\",topic=\"t.events.ephemeral\"} 1.0",
                          "eventbus_retention_drift{setting=\"cleanup.policy\",topic=\"t.events.standard\"} 1.0",
                          "eventbus_retention_drift{setting=\"partitions\",topic=\"t.events.standard\"} 1.0"));
    }
  }

  @Test
  void whatTheOperatorHasNamedIsChangedThoughItDeletesData() throws Exception {
    change("classes: {ephemeral: {time: 2h}}");
    try (ProcessorServer processor = processor(Map.of())) {
      awaitReady(processor);
    }
    change("classes: {ephemeral: {time: 1h}, standard: {partitions: 16}}");
    try (ProcessorServer processor =
        processor(
            Map.of(
                "retention.allowDeletion",
                "t.events.ephemeral",
                "retention.allowPartitionGrowth",
                "t.events.standard"))) {
      awaitReady(processor);

      assertThat(setting("ephemeral", "retention.ms")).isEqualTo(HOUR);
      assertThat(partitions("standard")).isEqualTo(16);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classes: {ephemeral: {time: nonsense}}",
        // No step leads to it.
        "types: {MONEY_CHANGED: {topic: game.money.changed, version: 9}}"
      })
  void aCatalogueThatCannotBeAppliedChangesNothing(String broken) throws Exception {
    try (ProcessorServer processor = processor(Map.of())) {
      awaitReady(processor);
      change(broken);
      await()
          .untilAsserted(
              () ->
                  assertThat(metrics(processor))
                      .doesNotContain("eventbus_retention_catalogue_failures_total 0.0"));

      assertThat(PartReadiness.READY.equals(processor.readiness().get("retention"))).isTrue();
      change("classes: {ephemeral: {time: 2h}}");
      await().until(() -> setting("ephemeral", "retention.ms").equals(HOURS_2));
    }
  }

  private ProcessorServer processor(Map<String, Object> more) throws Exception {
    Map<String, Object> settings = new HashMap<>(kafka.settings(directory.resolve("state")));
    settings.put("retention.catalogue", catalogue.toString());
    settings.put("retention.checkInterval", "100ms");
    settings.putAll(more);
    return ProcessorServer.start(ProcessorConfiguration.load(null, settings));
  }

  private static void awaitReady(ProcessorServer processor) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> PartReadiness.READY.equals(processor.readiness().get("retention")));
  }

  /** As a mounted file changes: at once. */
  private void change(String yaml) throws Exception {
    Path next = Files.writeString(directory.resolve("next.yaml"), yaml);
    Files.move(
        next, catalogue, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private String setting(String className, String name) throws Exception {
    return config(TOPICS.ofClass(className), name);
  }

  private String config(String topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    KafkaFuture<Config> config =
        requireNonNull(admin.describeConfigs(List.of(resource)).values().get(resource));
    return config.get().get(name).value();
  }

  private int partitions(String className) throws Exception {
    String topic = TOPICS.ofClass(className);
    KafkaFuture<TopicDescription> description =
        requireNonNull(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
    return description.get().partitions().size();
  }

  private static String metrics(ProcessorServer processor) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + processor.httpPort() + "/metrics"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
