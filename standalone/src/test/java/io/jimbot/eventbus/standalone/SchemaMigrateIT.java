package io.jimbot.eventbus.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.eventbus.testing.kafka.TestTopics;
import io.jimbot.events.v1.Event;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code schema migrate} against a real broker, also killed in the middle. */
@Timeout(180)
class SchemaMigrateIT {

  private static final int PARTITIONS = 3;
  private static final long TIME = 1_767_225_600_000L;

  @TempDir private static Path directory;
  private static TestKafka kafka;
  private static Admin admin;
  private static Path catalogue;

  /** What a command did. */
  private record Ran(int exitCode, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    kafka = TestKafka.start(directory.resolve("kafka"));
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    catalogue = Files.writeString(directory.resolve("catalogue.yaml"), TestSteps.CATALOGUE);
  }

  @AfterAll
  static void stop() {
    admin.close();
    kafka.close();
  }

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        EventBusCommand.commandLine(StubGateway::start)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return new Ran(commandLine.execute(command(arguments)), out.toString(), err.toString());
  }

  private static String[] command(String... arguments) {
    List<String> all = new ArrayList<>(List.of("schema", "migrate"));
    all.addAll(Arrays.asList(arguments));
    all.add("--bootstrap-servers=" + kafka.bootstrapServers());
    all.add("--catalogue=" + catalogue);
    return all.toArray(String[]::new);
  }

  private static void make(String topic, Map<String, String> settings) throws Exception {
    TestTopics.make(admin, new NewTopic(topic, PARTITIONS, (short) 1).configs(settings));
  }

  private static Event event(String type, int number) {
    return Event.newBuilder()
        .setEventType(type)
        .setEventId(type + "-" + number)
        .setSource("test")
        .setVersion(1)
        .setSequenceNumber(number)
        .build();
  }

  private static void write(String topic, String type, int from, int to) throws Exception {
    List<Future<RecordMetadata>> stored = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = from; i < to; i++) {
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                topic,
                null,
                TIME + i,
                ("key-" + i % 7).getBytes(UTF_8),
                event(type, i).toByteArray());
        record.headers().add(HeaderNames.EVENT_TYPE, type.getBytes(UTF_8));
        record.headers().add(HeaderNames.TOPIC, "system.diagnostic".getBytes(UTF_8));
        record.headers().add(HeaderNames.VERSION, "1".getBytes(UTF_8));
        record.headers().add("own", ("own-" + i).getBytes(UTF_8));
        stored.add(producer.send(record));
      }
      for (Future<RecordMetadata> each : stored) {
        each.get();
      }
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < PARTITIONS; i++) {
        partitions.add(new TopicPartition(topic, i));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  /** Where a record lies and what it says, but for what a newer version changes. */
  private static List<String> unchanged(List<ConsumerRecord<byte[], byte[]>> records) {
    List<String> texts = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      texts.add(
          record.partition()
              + " "
              + new String(record.key(), UTF_8)
              + " "
              + record.timestamp()
              + " "
              + text(record, HeaderNames.EVENT_TYPE)
              + " "
              + text(record, "own"));
    }
    texts.sort(null);
    return texts;
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  private static void assertMigrated(String from, String to) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> migrated = read(to);
    assertThat(unchanged(migrated)).isEqualTo(unchanged(read(from)));
    int[] last = new int[PARTITIONS];
    for (ConsumerRecord<byte[], byte[]> record : migrated) {
      Event event = Event.parseFrom(record.value());
      assertThat(text(record, HeaderNames.VERSION)).isEqualTo("3");
      assertThat(event.getVersion()).isEqualTo(3);
      assertThat(event.getMetadataMap()).containsEntry("label", "of test");
      assertThat((int) event.getSequenceNumber())
          .as("order in partition %d", record.partition())
          .isGreaterThan(last[record.partition()]);
      last[record.partition()] = (int) event.getSequenceNumber();
    }
  }

  @Test
  void aTopicIsRewrittenWithItsSettingsAndWhatComesLaterIsTakenByTheNextRun() throws Exception {
    make("all", Map.of("retention.ms", "-1", "max.message.bytes", "1500000"));
    write("all", "DIAGNOSTIC", 0, 500);

    Ran first = run("all", "all.v3");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("100.0 %", "this run wrote 500 records, 500 in a newer version");
    assertMigrated("all", "all.v3");
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "all.v3");
    var settings =
        requireNonNull(admin.describeConfigs(List.of(resource)).all().get().get(resource));
    assertThat(settings.get("retention.ms").value()).isEqualTo("-1");
    assertThat(settings.get("max.message.bytes").value()).isEqualTo("1500000");

    write("all", "DIAGNOSTIC", 500, 520);
    assertThat(run("all", "all.v3").out()).contains("this run wrote 20 records");
    assertMigrated("all", "all.v3");
  }

  @Test
  void whatWasKilledGoesOnWithoutAnEventLostOrDoubled() throws Exception {
    make("killed", Map.of("retention.ms", "-1"));
    write("killed", "DIAGNOSTIC", 0, 3_000);

    for (int kills = 0; kills < 2; kills++) {
      try (BusProcess migration =
          BusProcess.startWhole(command("killed", "killed.v3", "--rate=500"))) {
        migration.awaitLine("records written by this run");
        migration.awaitLine("records written by this run");
        migration.kill();
      }
    }
    int before = read("killed.v3").size();
    Ran rest = run("killed", "killed.v3");

    assertThat(before).isBetween(1, 2_999);
    assertThat(rest.exitCode()).as(rest.err()).isZero();
    assertThat(rest.out()).contains("this run wrote " + (3_000 - before) + " records");
    assertMigrated("killed", "killed.v3");
  }

  @Test
  void aTopicOfOthersIsNotTouched() throws Exception {
    make("source", Map.of());
    make("theirs", Map.of());
    write("source", "DIAGNOSTIC", 0, 5);

    Ran refused = run("source", "theirs");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("the topic theirs exists, and was not made by a migration of source");
    assertThat(read("theirs")).isEmpty();
    assertThat(run("no-such", "other").err()).contains("there is no topic no-such");
  }

  @Test
  void aTopicThatABusWouldReadAsOneOfItsClassesIsNotMade() throws Exception {
    make("a.bus.events", Map.of());
    make("a.bus.events.archive", Map.of("retention.ms", "-1"));
    write("a.bus.events.archive", "DIAGNOSTIC", 0, 5);

    Ran refused = run("a.bus.events.archive", "a.bus.events.archive-v3");
    Ran beside = run("a.bus.events.archive", "a.bus.migrated.events.archive");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "a bus whose log is a.bus.events takes the topic a.bus.events.archive-v3 for one of its"
                + " retention classes",
            "take a name that does not begin with a.bus.events.");
    assertThat(admin.listTopics().names().get()).doesNotContain("a.bus.events.archive-v3");
    assertThat(beside.exitCode()).as(beside.err()).isZero();
    assertMigrated("a.bus.events.archive", "a.bus.migrated.events.archive");
  }

  @Test
  void anEventThatAStepCannotTakeEndsItWithItsPlaceUnlessItIsToBeKept() throws Exception {
    make("failing", Map.of("retention.ms", "-1"));
    write("failing", "METRICS", 0, 3);

    Ran refused = run("failing", "failing.v2");
    Ran kept = run("failing", "failing.v2", "--keep-failing");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("the event at failing/", "from version 1 of METRICS", "no event can be brought");
    assertThat(kept.exitCode()).as(kept.err()).isZero();
    assertThat(kept.out()).contains("this run wrote 3 records, 0 in a newer version, 3 that no");
    assertThat(unchanged(read("failing.v2"))).isEqualTo(unchanged(read("failing")));
  }
}
