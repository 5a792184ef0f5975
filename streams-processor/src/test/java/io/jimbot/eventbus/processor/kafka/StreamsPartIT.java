package io.jimbot.eventbus.processor.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.eventbus.wire.ValueFormat;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StreamsPartIT {

  private static final TopicSpec IN = new TopicSpec("t.in", 1, Map.of());
  private static final TopicSpec OUT =
      new TopicSpec("t.out", 1, Map.of("max.message.bytes", "10000"));
  private static final TopicSpec COMPACTED =
      new TopicSpec("t.compacted", 1, Map.of("cleanup.policy", "compact"));
  private static final TopicSpec PARSED = new TopicSpec("t.parsed", 1, Map.of());
  private static final TopicSpec LETTERS = new TopicSpec("t.dead-letters", 1, Map.of());

  /** A compacted topic refuses it, since it has no key. */
  private static final String KEYLESS = "keyless";

  @TempDir private Path directory;

  private TestKafka kafka;
  private KafkaClients clients;
  private StreamsPart part;

  @BeforeEach
  void start() throws Exception {
    kafka = TestKafka.start(directory.resolve("kafka"));
    KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), Map.of(), "t", -1, 0);
    clients = new KafkaClients(settings);
    StreamsRuntime runtime =
        new StreamsRuntime(
            settings,
            streams(directory),
            ValueFormat.plain(Map.of()),
            new PartMetrics(new PrometheusRegistry()));
    part =
        new StreamsPart(
            "copy",
            List.of(IN, OUT, COMPACTED, PARSED, LETTERS),
            List.of(),
            runtime,
            StreamsPartIT::copying);
    ProcessorTopics topics = new ProcessorTopics(settings);
    try (Admin admin = clients.newAdmin("test")) {
      await().until(() -> topics.provide(admin, part).isEmpty());
    }
    part.start();
  }

  @AfterEach
  void stop() {
    part.close();
    kafka.close();
  }

  @Test
  void aRecordThatIsNotProcessedOrNotWrittenIsADeadLetterAndTheRestGoesOn() throws Exception {
    send("one", "bad", "unwritable", "two");

    assertThat(read(OUT.name(), 2))
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactly("one", "two");
    List<ConsumerRecord<byte[], byte[]>> letters = read(LETTERS.name(), 2);
    DeadLetter unwritten = DeadLetter.parseFrom(letters.get(1).value());
    assertThat(unwritten.getOriginal().toStringUtf8()).isEqualTo("unwritable");
    assertThat(unwritten.getReason()).isEqualTo("record_invalid");
    assertThat(unwritten.getOrigin().getOffset()).isEqualTo(2);
    DeadLetter read = DeadLetter.parseFrom(letters.get(0).value());
    assertThat(read.getOriginal().toStringUtf8()).isEqualTo("bad");
    assertThat(read.getStage()).isEqualTo(DeadLetterStage.DEAD_LETTER_STAGE_PROCESS);
    assertThat(read.getReason()).isEqualTo("processing_failed");
    assertThat(read.getMessage()).contains("no good");
    assertThat(read.getOrigin().getTopic()).isEqualTo(IN.name());
    assertThat(read.getOrigin().getOffset()).isEqualTo(1);
    assertThat(part.readiness()).isEqualTo(PartReadiness.READY);
  }

  @Test
  void aRecordThatCannotBeReadIsADeadLetterAndTheRestGoesOn() throws Exception {
    send(PARSED, "17", "seventeen", "18");

    assertThat(read(OUT.name(), 2))
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactly("17", "18");
    DeadLetter letter = DeadLetter.parseFrom(read(LETTERS.name(), 1).get(0).value());
    assertThat(letter.getOriginal().toStringUtf8()).isEqualTo("seventeen");
    assertThat(letter.getStage()).isEqualTo(DeadLetterStage.DEAD_LETTER_STAGE_DECODE);
    assertThat(letter.getReason()).isEqualTo("unreadable");
    assertThat(letter.getMessage()).contains("no number");
    assertThat(letter.getOrigin().getTopic()).isEqualTo(PARSED.name());
    assertThat(letter.getOrigin().getOffset()).isEqualTo(1);
    assertThat(part.readiness()).isEqualTo(PartReadiness.READY);
  }

  @Test
  void whatKafkaRefusesIsADeadLetterAndTheRestComesOnceAndInOrder() throws Exception {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      values.add("v" + i);
    }
    List<String> kept = List.copyOf(values);
    List<String> refused = List.of(large(1), large(2), KEYLESS, large(3));
    values.add(250, refused.get(3));
    values.add(120, refused.get(2));
    values.add(51, refused.get(1));
    values.add(50, refused.get(0));
    send(values.toArray(String[]::new));

    assertThat(read(LETTERS.name(), refused.size()))
        .extracting(record -> DeadLetter.parseFrom(record.value()))
        .allMatch(letter -> letter.getStage() == DeadLetterStage.DEAD_LETTER_STAGE_PUBLISH)
        .allMatch(letter -> letter.getOriginal().toStringUtf8().equals(values.get(offset(letter))))
        .extracting(letter -> letter.getReason() + " at " + offset(letter))
        .containsExactly(
            "record_too_large at 50",
            "record_too_large at 52",
            "record_invalid at 122",
            "record_too_large at 253");
    assertThat(read(OUT.name(), kept.size()))
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactlyElementsOf(kept);
  }

  private static int offset(DeadLetter letter) {
    return (int) letter.getOrigin().getOffset();
  }

  /** More than its topic takes, however it is compressed. */
  private static String large(int seed) {
    byte[] random = new byte[20_000];
    new Random(seed).nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static Topology copying(FailedRecords failures) {
    return new Topology()
        .addSource("in", IN.name())
        .addSource(
            "parsed", new ByteArrayDeserializer(), (topic, bytes) -> number(bytes), PARSED.name())
        .addProcessor("copy", CopyUnlessBad::new, "in", "parsed")
        .addSink(
            "out",
            OUT.name(),
            new ByteArraySerializer(),
            failures.guarding(StreamsPartIT::written),
            "copy")
        .addSink("compacted", COMPACTED.name(), "copy");
  }

  private static byte[] number(byte[] bytes) {
    try {
      return Integer.toString(Integer.parseInt(new String(bytes, UTF_8))).getBytes(UTF_8);
    } catch (NumberFormatException e) {
      throw new SerializationException("no number", e);
    }
  }

  /** As a serializer does that reads what it writes. */
  private static byte[] written(String topic, byte[] value) {
    if (new String(value, UTF_8).equals("unwritable")) {
      throw new SerializationException("no", new InvalidProtocolBufferException("no message"));
    }
    return value;
  }

  private static final class CopyUnlessBad
      extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    @Override
    public void process(Record<byte[], byte[]> record) {
      String value = new String(record.value(), UTF_8);
      if (value.equals("bad")) {
        throw new IllegalStateException("no good");
      }
      context().forward(record, value.equals(KEYLESS) ? "compacted" : "out");
    }
  }

  private static StreamsSettings streams(Path directory) {
    return new StreamsSettings(
        directory.resolve("state").toString(),
        "",
        1,
        Duration.ofMillis(100),
        Duration.ofSeconds(6),
        Duration.ofMillis(50),
        Duration.ofSeconds(10),
        DataSize.mebibytes(8),
        DataSize.mebibytes(8));
  }

  private void send(String... values) {
    send(IN, values);
  }

  private void send(TopicSpec topic, String... values) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clients.producer("test"), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (String value : values) {
        var unused = producer.send(new ProducerRecord<>(topic.name(), value.getBytes(UTF_8)));
      }
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            clients.consumer("test"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      await()
          .atMost(Duration.ofSeconds(60))
          // A thread that Kafka refused something ends, and another takes its place.
          .dontCatchUncaughtExceptions()
          .untilAsserted(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                assertThat(records).hasSizeGreaterThanOrEqualTo(count);
              });
    }
    return records;
  }
}
