package io.jimbot.eventbus.gateway.delivery.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.gateway.delivery.LogUnderTest;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.AlterConfigsResult;
import org.apache.kafka.clients.admin.AlterShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.AlterShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where queues begin, on a broker. */
class QueueBeginningIT {

  private static final int PARTITIONS = 3;

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

  private static LogUnderTest log(String topic) throws Exception {
    return new LogUnderTest(kafka.bootstrapServers(), topic, PARTITIONS);
  }

  private static Map<String, Object> brokers() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  private static void begin(LogUnderTest log, Start start, String queue)
      throws InterruptedException {
    new QueueBeginning(log.topic(), start, () -> Admin.create(brokers())).begin(queue);
  }

  private static Map<TopicPartition, Long> places(String queue) throws Exception {
    Map<TopicPartition, Long> places = new HashMap<>();
    try (Admin admin = Admin.create(brokers())) {
      admin
          .listShareGroupOffsets(Map.of(queue, new ListShareGroupOffsetsSpec()))
          .partitionsToOffsetInfo(queue)
          .get()
          .forEach((partition, place) -> places.put(partition, place.startOffset()));
    }
    return places;
  }

  private static Map<TopicPartition, Long> ends(LogUnderTest log) throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      asked.put(new TopicPartition(log.topic(), partition), OffsetSpec.latest());
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    try (Admin admin = Admin.create(brokers())) {
      admin
          .listOffsets(asked)
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, end.offset()));
    }
    return ends;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void whatIsStoredOnceOneOfTwoWorkersHasBegunIsLeftOutByNeither(int question) throws Exception {
    String queue = "two-" + question;
    try (LogUnderTest log = log(queue)) {
      log.appendMany(0, 20);
      Map<TopicPartition, Long> begun = ends(log);
      SlowAdmin slow =
          new SlowAdmin(
              question,
              () -> {
                begin(log, new Start.Now(), queue);
                log.appendMany(20, 20);
              });
      new QueueBeginning(log.topic(), new Start.Now(), () -> slow).begin(queue);

      assertThat(places(queue)).isEqualTo(begun);
      assertThat(ends(log)).isNotEqualTo(begun);
    }
  }

  @Test
  void aQueueThatBeginsAtATimeSinceWhichNothingWasStoredBeginsAtTheEnd() throws Exception {
    try (LogUnderTest log = log("late")) {
      log.appendMany(0, 20);
      begin(log, new Start.At(Instant.now().plusSeconds(60)), "late");

      assertThat(places("late")).isEqualTo(ends(log));
    }
  }

  /** Some of the questions come after the partitions' ends are known, and some before. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void whatIsStoredSinceTheTimeIsLeftOutByNoQueueWheneverItIsStored(int question) throws Exception {
    String queue = "since-" + question;
    try (LogUnderTest log = log(queue)) {
      log.appendMany(0, 20);
      Map<TopicPartition, Long> before = ends(log);
      Instant since = Instant.now().plusMillis(1);
      await().until(() -> Instant.now().isAfter(since));
      SlowAdmin slow = new SlowAdmin(question, () -> log.appendMany(20, 20));
      new QueueBeginning(log.topic(), new Start.At(since), () -> slow).begin(queue);

      assertThat(places(queue)).isEqualTo(before);
      assertThat(ends(log)).isNotEqualTo(before);
    }
  }

  @Test
  void whatIsNotCommittedYetIsLeftOutByNoQueueThatBeginsNow() throws Exception {
    try (LogUnderTest log = log("open");
        KafkaProducer<byte[], byte[]> processor = transactionalProducer()) {
      log.appendMany(0, 20);
      Map<TopicPartition, Long> before = ends(log);
      processor.initTransactions();
      processor.beginTransaction();
      processor.send(new ProducerRecord<>(log.topic(), 0, null, new byte[0])).get();
      begin(log, new Start.Now(), "open");
      processor.commitTransaction();

      assertThat(places("open")).isEqualTo(before);
      assertThat(ends(log)).isNotEqualTo(before);
    }
  }

  private static KafkaProducer<byte[], byte[]> transactionalProducer() {
    Map<String, Object> properties = new HashMap<>(brokers());
    properties.put("transactional.id", "processor");
    // It would wait for company of the one record, which is waited for.
    properties.put("linger.ms", 0);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** What happens before a question is asked. */
  private interface Interlude {
    void run() throws InterruptedException;
  }

  /** Asks Kafka, but before one of its questions something else happens. */
  private static final class SlowAdmin extends ForwardingAdmin {
    private final int slowAt;
    private final Interlude before;
    private int questions;

    SlowAdmin(int slowAt, Interlude before) {
      super(brokers());
      this.slowAt = slowAt;
      this.before = before;
    }

    private void ask() {
      if (++questions == slowAt) {
        try {
          before.run();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }

    @Override
    public AlterConfigsResult incrementalAlterConfigs(
        Map<ConfigResource, Collection<AlterConfigOp>> configs, AlterConfigsOptions options) {
      ask();
      return super.incrementalAlterConfigs(configs, options);
    }

    @Override
    public ListShareGroupOffsetsResult listShareGroupOffsets(
        Map<String, ListShareGroupOffsetsSpec> groups, ListShareGroupOffsetsOptions options) {
      ask();
      return super.listShareGroupOffsets(groups, options);
    }

    @Override
    public DescribeTopicsResult describeTopics(
        TopicCollection topics, DescribeTopicsOptions options) {
      ask();
      return super.describeTopics(topics, options);
    }

    @Override
    public ListOffsetsResult listOffsets(
        Map<TopicPartition, OffsetSpec> partitions, ListOffsetsOptions options) {
      ask();
      return super.listOffsets(partitions, options);
    }

    @Override
    public AlterShareGroupOffsetsResult alterShareGroupOffsets(
        String group, Map<TopicPartition, Long> places, AlterShareGroupOffsetsOptions options) {
      ask();
      return super.alterShareGroupOffsets(group, places, options);
    }
  }
}
