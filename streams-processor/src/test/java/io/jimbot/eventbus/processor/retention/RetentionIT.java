package io.jimbot.eventbus.processor.retention;

import static io.jimbot.eventbus.processor.TestKafka.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.processor.ProcessorServer;
import io.jimbot.eventbus.processor.TestKafka;
import io.jimbot.eventbus.processor.kafka.PartReadiness;
import io.jimbot.eventbus.processor.topology.TestEvent;
import io.jimbot.events.v1.DeadLetter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RetentionIT {

  private static final int MEGABYTE = 1024 * 1024;
  private static final HexFormat HEX = HexFormat.of();

  @TempDir private Path directory;

  private TestKafka kafka;
  private ProcessorServer processor;

  @BeforeEach
  void start() throws Exception {
    kafka = new TestKafka(directory.resolve("kafka"));
    processor =
        ProcessorServer.start(
            ProcessorConfiguration.load(null, kafka.settings(directory.resolve("state"))));
  }

  @AfterEach
  void stop() {
    processor.close();
    kafka.close();
  }

  @Test
  void everyEventComesOnceInTheOrderOfItsKey() {
    List<TestEvent> events =
        IntStream.range(0, 500)
            .mapToObj(i -> event("MONEY_CHANGED", "m" + i).stateOf("game" + i % 7, i))
            .toList();
    kafka.log(events);
    kafka.log(events.subList(100, 400));
    kafka.log(List.of(event("ROUND_COMPLETE", "last")));

    kafka.await(TOPICS.ofClass("archive"), records -> records.size() == 1);
    List<ConsumerRecord<byte[], byte[]>> kept =
        kafka.await(TOPICS.ofClass("standard"), records -> records.size() >= 500);
    assertThat(kept).hasSize(500);
    for (int game = 0; game < 7; game++) {
      String key = "game" + game;
      assertThat(
              kept.stream()
                  .filter(r -> key.equals(new String(r.key(), UTF_8)))
                  .map(this::id)
                  .toList())
          .isEqualTo(events.stream().filter(e -> key.equals(e.game())).map(TestEvent::id).toList());
    }
  }

  @Test
  void poisonIsDeadLetteredAndTheRestGoesOn() throws Exception {
    TestEvent template = event("MONEY_CHANGED", "x");
    kafka.log(List.of(event("MONEY_CHANGED", "before")));
    send("no event".getBytes(UTF_8), template);
    kafka.log(List.of(event("GAME_STATE", "future").with(HeaderNames.VERSION, "99")));
    byte[] large = new byte[MEGABYTE];
    send(large, template);
    kafka.send(new ProducerRecord<>(TOPICS.events(), 0, null, "strange".getBytes(UTF_8)));
    kafka.flush();
    kafka.log(List.of(event("MONEY_CHANGED", "after")));

    List<ConsumerRecord<byte[], byte[]>> letters =
        kafka.await(TOPICS.deadLetters(), records -> records.size() == 4);
    assertThat(letters)
        .extracting(letter -> DeadLetter.parseFrom(letter.value()).getReason())
        .containsExactlyInAnyOrder("unreadable", "future_version", "too_large", "unreadable");
    assertThat(letters)
        .anySatisfy(
            letter ->
                assertThat(DeadLetter.parseFrom(letter.value()).getOriginal().toByteArray())
                    .isEqualTo(large));
    List<ConsumerRecord<byte[], byte[]>> kept =
        kafka.await(TOPICS.ofClass("standard"), records -> records.size() == 2);
    assertThat(kept).extracting(this::id).containsExactly("before", "after");
    assertThat(PartReadiness.READY.equals(processor.readiness().get("retention"))).isTrue();
  }

  @Test
  void whatComesAgainForOneGroupIsKeptOnlyIfItFailedHere() {
    String group = TOPICS.prefix() + "-processor-retention";
    TestEvent state = event("GAME_STATE", "state").stateOf("game", 1);
    kafka.log(
        List.of(
            state.with(HeaderNames.FOR_GROUP, "trainer"),
            event("MONEY_CHANGED", "tried").with(HeaderNames.FOR_GROUP, group),
            event("ROUND_COMPLETE", "theirs").with(HeaderNames.FOR_GROUP, "trainer")));

    List<ConsumerRecord<byte[], byte[]>> kept =
        kafka.await(TOPICS.ofClass("standard"), records -> records.size() == 1);
    assertThat(kept).extracting(this::id).containsExactly("tried");
    assertThat(kept.get(0).headers().lastHeader(HeaderNames.FOR_GROUP)).isNull();
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> kafka.lag(group) == 0);
    assertThat(kafka.read(TOPICS.ofClass("standard"))).hasSize(1);
    assertThat(kafka.read(TOPICS.ofClass("archive"))).isEmpty();
    assertThat(kafka.read(TOPICS.gamesLatest())).isEmpty();
  }

  @Test
  void whatAClassTopicRefusesIsDeadLetteredAndCanBeKeptLater() throws Exception {
    kafka.log(List.of(event("MONEY_CHANGED", "before")));
    kafka.await(TOPICS.ofClass("standard"), records -> records.size() == 1);
    limitRecords(TOPICS.ofClass("standard"), 5_000);
    byte[] random = new byte[10_000];
    new Random(1).nextBytes(random);
    TestEvent large = event("MONEY_CHANGED", "large").with("noise", HEX.formatHex(random));
    kafka.log(List.of(event("MONEY_CHANGED", "m1"), large, event("MONEY_CHANGED", "m2")));

    DeadLetter letter =
        DeadLetter.parseFrom(
            kafka.await(TOPICS.deadLetters(), all -> all.size() == 1).get(0).value());
    assertThat(letter.getReason()).isEqualTo("record_too_large");
    assertThat(letter.getMessage()).startsWith(TOPICS.ofClass("standard"));
    assertThat(letter.getOrigin().getTopic()).isEqualTo(TOPICS.events());
    assertThat(letter.getOrigin().getOffset()).isEqualTo(2);
    assertThat(letter.getGroup()).isEqualTo("t-processor-retention");
    assertThat(letter.getOriginal().toByteArray()).isEqualTo(large.value());
    kafka.await(TOPICS.ofClass("standard"), records -> records.size() == 3);

    limitRecords(TOPICS.ofClass("standard"), MEGABYTE);
    kafka.log(List.of(large.with(HeaderNames.FOR_GROUP, letter.getGroup())));
    kafka.log(List.of(event("MONEY_CHANGED", "last")));
    assertThat(kafka.await(TOPICS.ofClass("standard"), records -> records.size() >= 5))
        .extracting(this::id)
        .containsExactly("before", "m1", "m2", "large", "last");
  }

  @Test
  void aDeadLetterThatKafkaRefusesIsStoredWithoutTheBytesAndTheRestGoesOn() throws Exception {
    limitRecords(TOPICS.deadLetters(), 5_000);
    byte[] random = new byte[20_000];
    new Random(1).nextBytes(random);
    TestEvent template = event("MONEY_CHANGED", "x");
    kafka.log(List.of(event("MONEY_CHANGED", "before")));
    send(random, template);
    kafka.flush();
    kafka.log(List.of(event("MONEY_CHANGED", "after")));

    DeadLetter letter =
        DeadLetter.parseFrom(
            kafka.await(TOPICS.deadLetters(), all -> all.size() == 1).get(0).value());
    assertThat(letter.getReason()).isEqualTo("unreadable");
    assertThat(letter.getOriginal().isEmpty()).isTrue();
    assertThat(letter.getOrigin().getTopic()).isEqualTo(TOPICS.events());
    assertThat(letter.getOrigin().getOffset()).isEqualTo(1);
    assertThat(kafka.await(TOPICS.ofClass("standard"), records -> records.size() >= 2))
        .extracting(this::id)
        .containsExactly("before", "after");
  }

  /** Else each repeat that was ever looked for would lie in Kafka, and be restored, for ever. */
  @Test
  void whatIsRememberedOfEventsGoesFromKafkaSoonAfterItIsForgotten() throws Exception {
    kafka.log(List.of(event("MONEY_CHANGED", "m")));
    kafka.await(TOPICS.ofClass("standard"), records -> records.size() == 1);

    String topic = "t-processor-retention-seen-changelog";
    assertThat(setting(topic, "cleanup.policy")).contains("delete");
    assertThat(Long.parseLong(setting(topic, "retention.ms")))
        .isLessThanOrEqualTo(Duration.ofMinutes(2 * 10 + 1).toMillis());
    assertThat(Long.parseLong(setting(topic, "segment.ms")))
        .isLessThanOrEqualTo(Duration.ofMinutes(10).toMillis());
  }

  private String setting(String topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = kafka.admin()) {
      return Objects.requireNonNull(
              admin.describeConfigs(List.of(resource)).all().get().get(resource))
          .get(name)
          .value();
    }
  }

  private void limitRecords(String topic, int bytes) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    ConfigEntry limit = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
    try (Admin admin = kafka.admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(resource, List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private void send(byte[] value, TestEvent like) {
    kafka.send(new ProducerRecord<>(TOPICS.events(), null, like.key(), value, like.headers()));
  }

  private static TestEvent event(String type, String id) {
    return TestEvent.of(type, id).at(Instant.now());
  }

  private String id(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader(HeaderNames.EVENT_ID).value(), UTF_8);
  }
}
