package io.jimbot.eventbus.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.KafkaClients;
import io.jimbot.eventbus.processor.kafka.KafkaSettings;
import io.jimbot.eventbus.service.delay.DelayedRecordKind;
import io.jimbot.eventbus.service.record.HeaderTime;
import io.jimbot.eventbus.testing.kafka.TestTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Delayed events while their processor is killed. */
@Timeout(180)
class KilledDelayIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int PARTITIONS = 2;
  private static final int KEYS = 5;

  /**
   * So far ahead, and as far again, that another processor is there by then, if not for the first.
   */
  private static final long ACROSS_MILLIS = 40_000;

  @TempDir private Path directory;

  private final Map<String, Long> dueByEvent = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();

  /** When each event came, by the clock of this test, in the order of each partition. */
  private final List<Arrival> arrivals = new ArrayList<>();

  private io.jimbot.eventbus.testing.kafka.TestKafka kafka;
  private KafkaProducer<byte[], byte[]> producer;
  private KafkaConsumer<byte[], byte[]> consumer;

  private record Arrival(String event, String key, long dueMillis, long atMillis) {
    long lateMillis() {
      return atMillis - dueMillis;
    }
  }

  @BeforeEach
  void start() throws Exception {
    kafka = io.jimbot.eventbus.testing.kafka.TestKafka.start(directory.resolve("kafka"));
    KafkaClients clients =
        new KafkaClients(new KafkaSettings(kafka.bootstrapServers(), Map.of(), "t", -1, 0));
    try (Admin admin = clients.newAdmin("test")) {
      TestTopics.make(
          admin,
          new NewTopic("t.delayed", PARTITIONS, (short) 1),
          new NewTopic("t.events", PARTITIONS, (short) 1),
          new NewTopic("t.dead-letters", 1, (short) 1));
    }
    producer =
        new KafkaProducer<>(
            clients.producer("test"), new ByteArraySerializer(), new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            clients.consumer("test"), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> log =
        List.of(new TopicPartition("t.events", 0), new TopicPartition("t.events", 1));
    consumer.assign(log);
    consumer.seekToBeginning(log);
  }

  @AfterEach
  void stop() {
    producer.close(Duration.ofSeconds(1));
    consumer.close();
    kafka.close();
  }

  @Test
  void noneIsLostOrDoubledOrOutOfOrderAndThoseAfterTheRestartAreOnTime() throws Exception {
    try (ProcessorProcess first = processor()) {
      send("warm", 0, 0);
      await().atMost(PATIENCE).until(() -> read().contains("warm"));
      long begin = System.currentTimeMillis();
      for (int i = 0; i < 600; i++) {
        // Up to 30 s ahead, and not in the order of their times.
        send("e" + i, i % KEYS, 1_000 + (i * 7_919L) % 29_000);
      }
      for (int i = 0; i < 50; i++) {
        send("across" + i, i % KEYS, ACROSS_MILLIS + (i * 7_919L) % ACROSS_MILLIS);
      }
      producer.flush();
      await().atMost(PATIENCE).until(() -> read().size() > 100);
      assertThat(System.currentTimeMillis() - begin).isLessThan(25_000);
      first.kill();
    }
    // Stored while no processor runs, and before their times: they hold.
    dueByEvent.forEach(
        (event, due) -> {
          if (due > System.currentTimeMillis() + 2_000
              && event.startsWith("e")
              && event.endsWith("3")) {
            cancel(event);
          }
        });
    producer.flush();
    try (ProcessorProcess second = processor()) {
      int before = read().size();
      await().atMost(PATIENCE).until(() -> read().size() > before);
      long resumed = System.currentTimeMillis();
      int expected = dueByEvent.size() - cancelled.size();
      await().atMost(PATIENCE).until(() -> read().size() >= expected);
      assertThat(lateMillis("across", resumed + 1_000))
          .isNotEmpty()
          .allMatch(millis -> millis >= 0 && millis < 1_000);
      long restarted = System.currentTimeMillis();
      for (int i = 0; i < 100; i++) {
        send("late" + i, i % KEYS, 1_000 + (i * 31L) % 3_000);
      }
      await().atMost(PATIENCE).until(() -> read().size() >= expected + 100);
      // What would come twice had time to.
      await().during(Duration.ofSeconds(2)).until(() -> read().size() == expected + 100);
      assertThat(lateMillis("late", restarted))
          .hasSize(100)
          .allMatch(millis -> millis >= 0 && millis < 1_000);
    }

    assertThat(cancelled).isNotEmpty();
    Set<String> wanted = new HashSet<>(dueByEvent.keySet());
    wanted.removeAll(cancelled);
    assertThat(arrivals).extracting(Arrival::event).containsExactlyInAnyOrderElementsOf(wanted);
    Map<String, List<Long>> timesByKey = new TreeMap<>();
    arrivals.forEach(
        a -> timesByKey.computeIfAbsent(a.key(), key -> new ArrayList<>()).add(a.dueMillis()));
    assertThat(timesByKey.values()).hasSize(KEYS).allSatisfy(t -> assertThat(t).isSorted());
  }

  /** How late those came, of a prefix, that were due after a time. */
  private List<Long> lateMillis(String prefix, long dueAfterMillis) {
    return arrivals.stream()
        .filter(a -> a.event().startsWith(prefix) && a.dueMillis() > dueAfterMillis)
        .map(Arrival::lateMillis)
        .sorted()
        .toList();
  }

  private ProcessorProcess processor() throws Exception {
    return ProcessorProcess.start(
        directory.resolve("processor.log"),
        Map.of(
            "kafka.bootstrapServers", kafka.bootstrapServers(),
            "kafka.topicPrefix", "t",
            "streams.stateDirectory", directory.resolve("state").toString(),
            "streams.instanceId", "one",
            "streams.sessionTimeout", "6s"));
  }

  private void send(String event, int key, long inMillis) {
    long due = System.currentTimeMillis() + inMillis;
    dueByEvent.put(event, due);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("t.delayed", ("key" + key).getBytes(UTF_8), event.getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_ID, event.getBytes(UTF_8));
    record.headers().add(HeaderNames.DELIVER_AT, HeaderTime.of(due));
    var unused = producer.send(record);
  }

  private void cancel(String event) {
    cancelled.add(event);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      var unused =
          producer.send(
              new ProducerRecord<>(
                  "t.delayed",
                  partition,
                  event.getBytes(UTF_8),
                  "request".getBytes(UTF_8),
                  List.of(DelayedRecordKind.CANCEL.header())));
    }
  }

  /** Reads on; gives all events that have come. */
  private List<String> read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
      String event = new String(record.value(), UTF_8);
      arrivals.add(
          new Arrival(
              event,
              new String(record.key(), UTF_8),
              dueByEvent.getOrDefault(event, 0L),
              System.currentTimeMillis()));
    }
    return arrivals.stream().map(Arrival::event).toList();
  }
}
